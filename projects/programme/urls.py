from django.urls import path

from projects.programme import goal_views, views

urlpatterns = [
    path("programm/", views.ProgrammeListView.as_view(), name="programme_list"),
    path("programm/neu/", views.create_programme, name="programme_create"),
    path("programm/<int:pk>/", views.ProgrammeDetailView.as_view(), name="programme_detail"),
    path("programm/<int:pk>/bearbeiten/", views.update_programme, name="programme_update"),
    path("programm/<int:pk>/grenze/", views.update_boundary, name="programme_boundary"),
    path("programm/<int:pk>/beschluss/", views.programme_document, name="programme_document"),
    path("programm/<int:pk>/ziele/neu/", goal_views.create_goal, name="goal_create"),
    path("programm/<int:pk>/ziele/<int:goal_pk>/", goal_views.update_goal, name="goal_update"),
    path("programm/<int:pk>/ziele/<int:goal_pk>/platz/", goal_views.place_goal, name="goal_place"),
    path(
        "programm/<int:pk>/ziele/<int:goal_pk>/entfernen/",
        goal_views.remove_goal,
        name="goal_remove",
    ),
]
