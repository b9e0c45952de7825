from django.urls import path

from projects.similar import synonym_views as views

WORDS = "ideenverwaltung/woerter/"

urlpatterns = [
    path(WORDS, views.SynonymListView.as_view(), name="synonym_list"),
    path(WORDS + "neu/", views.create_synonyms, name="synonym_create"),
    path(WORDS + "<int:pk>/", views.update_synonyms, name="synonym_update"),
    path(WORDS + "<int:pk>/entfernen/", views.remove_synonyms, name="synonym_remove"),
]
