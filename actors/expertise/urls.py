from django.urls import path

from actors.expertise import views

urlpatterns = [
    path("hilfe/", views.expertise_search, name="expertise_search"),
    path("<int:pk>/fachwissen/neu/", views.expertise_create, name="expertise_create"),
    path(
        "<int:pk>/fachwissen/<int:expertise_pk>/", views.expertise_update, name="expertise_update"
    ),
    path(
        "<int:pk>/fachwissen/<int:expertise_pk>/entfernen/",
        views.expertise_delete,
        name="expertise_delete",
    ),
]
