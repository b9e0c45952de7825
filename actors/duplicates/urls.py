from django.urls import path

from actors.directory.views import actor_create
from actors.duplicates import hint_views, hints, views

urlpatterns = [
    path("neu/", actor_create, {"warn": hints.for_editor}, name="actor_create"),
    path("<int:pk>/dublette/", views.actor_twin, name="actor_twin"),
    path("<int:pk>/zusammenfuehren/<int:merged_pk>/", views.actor_merge, name="actor_merge"),
    path("dubletten/", views.CandidateListView.as_view(), name="candidate_list"),
    path("dubletten/suchen/", views.candidate_find, name="candidate_find"),
    path("dubletten/hinweis/", hint_views.duplicate_hint, name="duplicate_hint"),
    path("dubletten/zusammengefuehrt/", views.MergeListView.as_view(), name="merge_list"),
    path("dubletten/zusammengefuehrt/<int:pk>/", views.merge_detail, name="merge_detail"),
    path("dubletten/zusammengefuehrt/<int:pk>/rueckgaengig/", views.merge_undo, name="merge_undo"),
    path("dubletten/<int:pk>/verschieden/", views.candidate_reject, name="candidate_reject"),
]
