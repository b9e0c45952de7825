from django.urls import path

from projects.pipeline import (
    actions,
    coverage_views,
    following,
    goals,
    joining,
    public_views,
    views,
)

urlpatterns = [
    path("abbestellen/<slug:token>/", following.stop_following, name="follower_stop"),
    path("projekte/", public_views.ProjectPublicListView.as_view(), name="project_public_list"),
    path(
        "projekte/karte.json",
        public_views.ProjectPublicPointsView.as_view(),
        name="project_public_points",
    ),
    path(
        "projekte/<slug:reference>/",
        public_views.ProjectPublicView.as_view(),
        name="project_public",
    ),
    path(
        "projekte/<slug:reference>/ort.json",
        public_views.public_point,
        name="project_public_point",
    ),
    path("ideenverwaltung/<int:pk>/projekt/", joining.join_project, name="idea_join"),
    path("projektverwaltung/", views.ProjectListView.as_view(), name="project_list"),
    path("projektverwaltung/tafel/", views.ProjectBoardView.as_view(), name="project_board"),
    path("projektverwaltung/neu/", views.create_project, name="project_create"),
    path("projektverwaltung/<int:pk>/", views.ProjectDetailView.as_view(), name="project_detail"),
    path("projektverwaltung/<int:pk>/bearbeiten/", views.update_project, name="project_update"),
    path(
        "programm/<int:pk>/abdeckung/",
        coverage_views.programme_coverage,
        name="programme_coverage",
    ),
    path("projektverwaltung/<int:pk>/ziele/", goals.project_goals, name="project_goals"),
    path(
        "projektverwaltung/<int:pk>/zeitplan/",
        views.ProjectTimelineView.as_view(),
        name="project_timeline",
    ),
    path("projektverwaltung/<int:pk>/phase/", actions.move_project, name="project_move"),
    path("projektverwaltung/<int:pk>/ampel/", actions.set_light, name="project_light"),
    path("projektverwaltung/<int:pk>/sachstand/", actions.publish_note, name="note_create"),
    path(
        "projektverwaltung/<int:pk>/meilensteine/neu/",
        actions.create_milestone,
        name="milestone_create",
    ),
    path(
        "projektverwaltung/<int:pk>/meilensteine/<int:milestone_pk>/",
        actions.update_milestone,
        name="milestone_update",
    ),
    path(
        "projektverwaltung/<int:pk>/meilensteine/<int:milestone_pk>/erreicht/",
        actions.reach_milestone,
        name="milestone_reach",
    ),
    path(
        "projektverwaltung/<int:pk>/beteiligte/neu/",
        actions.add_participant,
        name="participant_create",
    ),
    path(
        "projektverwaltung/<int:pk>/beteiligte/<int:participant_pk>/entfernen/",
        actions.remove_participant,
        name="participant_delete",
    ),
]
