from django.urls import path

from projects.notices import views

urlpatterns = [
    path(
        "projekte/<slug:reference>/baustellen.json",
        views.public_areas,
        name="project_public_areas",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/neu/",
        views.create_notice,
        name="site_notice_create",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/",
        views.notice_detail,
        name="site_notice_detail",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/bearbeiten/",
        views.update_notice,
        name="site_notice_update",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/mitteilen/",
        views.tell_notice,
        name="site_notice_tell",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/briefe.pdf",
        views.notice_letters,
        name="site_notice_letters",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/karte.json",
        views.notice_points,
        name="site_notice_points",
    ),
    path(
        "projektverwaltung/<int:pk>/baustellen/<int:notice_pk>/gebiet.json",
        views.notice_area,
        name="site_notice_area",
    ),
]
