from django.urls import path

from projects.ideas import (
    actions,
    bundling,
    comment_views,
    goals,
    public_views,
    support_views,
    views,
    worksheet_views,
)

urlpatterns = [
    path("ideen/", public_views.IdeaPublicListView.as_view(), name="idea_public_list"),
    path(
        "ideen/karte.json",
        public_views.IdeaPublicPointsView.as_view(),
        name="idea_public_points",
    ),
    path("ideen/<slug:reference>/", public_views.IdeaPublicView.as_view(), name="idea_public"),
    path("ideen/<slug:reference>/ort.json", public_views.public_point, name="idea_public_point"),
    path(
        "ideen/<slug:reference>/unterstuetzen/",
        support_views.ask_for_support,
        name="idea_support_ask",
    ),
    path("ideen/stimme/<str:signed>/", support_views.support, name="idea_support"),
    path(
        "ideen/<slug:reference>/kommentieren/",
        comment_views.write_comment,
        name="idea_comment",
    ),
    path(
        "ideenverwaltung/kommentare/",
        comment_views.CommentListView.as_view(),
        name="comment_list",
    ),
    path(
        "ideenverwaltung/kommentare/<int:pk>/",
        comment_views.decide_comment,
        name="comment_decide",
    ),
    path("ideenverwaltung/", views.IdeaListView.as_view(), name="idea_list"),
    path("ideenverwaltung/neu/", views.create_idea, name="idea_create"),
    path("ideenverwaltung/buendeln/", bundling.bundle_ideas, name="idea_bundle"),
    path("ideenverwaltung/<int:pk>/", views.IdeaDetailView.as_view(), name="idea_detail"),
    path("ideenverwaltung/<int:pk>/bearbeiten/", views.update_idea, name="idea_update"),
    path(
        "ideenverwaltung/<int:pk>/arbeitsblatt/",
        worksheet_views.idea_worksheet,
        name="idea_worksheet",
    ),
    path(
        "ideenverwaltung/<int:pk>/arbeitsblatt/bearbeiten/",
        worksheet_views.update_worksheet,
        name="idea_worksheet_update",
    ),
    path("ideenverwaltung/<int:pk>/ziele/", goals.idea_goals, name="idea_goals"),
    path("ideenverwaltung/<int:pk>/schritt/", actions.move_idea, name="idea_move"),
    path("ideenverwaltung/<int:pk>/freigeben/", actions.release_idea, name="idea_release"),
    path(
        "ideenverwaltung/<int:pk>/zuruecknehmen/",
        actions.withdraw_release,
        name="idea_withdraw_release",
    ),
    path(
        "ideenverwaltung/<int:pk>/bestaetigen/",
        actions.confirm_author,
        name="idea_confirm_author",
    ),
]
