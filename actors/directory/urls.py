from django.urls import path

from actors.directory import actor_page, relation_views, views

urlpatterns = [
    path("", views.ActorListView.as_view(), name="actor_list"),
    path("karte.json", views.actor_geojson, name="actor_geojson"),
    path("auswahl/", views.actor_choices, name="actor_choices"),
    path("<int:pk>/", actor_page.ActorDetailView.as_view(), name="actor_detail"),
    path("<int:pk>/ort.json", views.actor_place, name="actor_place"),
    path("<int:pk>/bearbeiten/", views.actor_update, name="actor_update"),
    path("<int:pk>/archivieren/", views.actor_archive, name="actor_archive"),
    path("<int:pk>/zurueckholen/", views.actor_unarchive, name="actor_unarchive"),
    path("<int:pk>/notizen/neu/", actor_page.note_create, name="note_create"),
    path("<int:pk>/beziehungen/neu/", relation_views.relation_create, name="relation_create"),
    path(
        "<int:pk>/beziehungen/<int:relation_pk>/",
        relation_views.relation_update,
        name="relation_update",
    ),
    path(
        "<int:pk>/beziehungen/<int:relation_pk>/beenden/",
        relation_views.relation_end,
        name="relation_end",
    ),
]
