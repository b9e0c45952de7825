from django.urls import path

from projects.similar import synonym_views, views

WORDS = "ideenverwaltung/woerter/"

urlpatterns = [
    path("ideenverwaltung/<int:pk>/aehnliche/", views.similar_to_idea, name="idea_similar"),
    path(WORDS, synonym_views.SynonymListView.as_view(), name="synonym_list"),
    path(WORDS + "neu/", synonym_views.create_synonyms, name="synonym_create"),
    path(WORDS + "<int:pk>/", synonym_views.update_synonyms, name="synonym_update"),
    path(WORDS + "<int:pk>/entfernen/", synonym_views.remove_synonyms, name="synonym_remove"),
]
