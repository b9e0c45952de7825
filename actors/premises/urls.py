from typing import Any

from django.urls import include, path

from actors.premises import (
    occupancy_views,
    proposing_views,
    public_views,
    rate_views,
    request_views,
    survey_views,
    views,
)

of_a_unit = [
    path("<int:pk>/", views.UnitDetailView.as_view(), name="unit_detail"),
    path("<int:pk>/ort.json", views.unit_place, name="unit_place"),
    path("<int:pk>/bearbeiten/", views.unit_update, name="unit_update"),
    path("<int:pk>/archivieren/", views.unit_archive, name="unit_archive"),
    path("<int:pk>/zurueckholen/", views.unit_unarchive, name="unit_unarchive"),
    path("<int:pk>/besatz/neu/", occupancy_views.occupancy_create, name="occupancy_create"),
    path(
        "<int:pk>/besatz/<int:occupancy_pk>/",
        occupancy_views.occupancy_update,
        name="occupancy_update",
    ),
    path(
        "<int:pk>/besatz/<int:occupancy_pk>/beenden/",
        occupancy_views.occupancy_end,
        name="occupancy_end",
    ),
    path(
        "<int:pk>/besatz/<int:occupancy_pk>/entfernen/",
        occupancy_views.occupancy_remove,
        name="occupancy_remove",
    ),
]
surveys = [
    path("", survey_views.WalkListView.as_view(), name="walk_list"),
    path("neu/", survey_views.walk_create, name="walk_create"),
    path("<int:pk>/", survey_views.walk_detail, name="walk_detail"),
    path("<int:pk>/abschliessen/", survey_views.walk_finish, name="walk_finish"),
    path("<int:pk>/gesehen/<int:unit_pk>/", survey_views.sighting_save, name="sighting_save"),
]
requests = [
    path("", request_views.SpaceRequestListView.as_view(), name="space_request_list"),
    path("neu/", request_views.space_request_create, name="space_request_create"),
    path("<int:pk>/", request_views.space_request_detail, name="space_request_detail"),
    path("<int:pk>/bearbeiten/", request_views.space_request_update, name="space_request_update"),
    path("<int:pk>/erledigen/", request_views.space_request_settle, name="space_request_settle"),
    path("<int:pk>/oeffnen/", request_views.space_request_reopen, name="space_request_reopen"),
]
premises: list[Any] = [
    path("", views.UnitListView.as_view(), name="unit_list"),
    path("karte.json", views.unit_geojson, name="unit_geojson"),
    path("tabelle.xlsx", views.unit_export, name="unit_export"),
    path("neu/", views.unit_create, name="unit_create"),
    path("uebernehmen/", proposing_views.units_propose, name="units_propose"),
    path("leerstandsquote/", rate_views.vacancy_rate, name="vacancy_rate"),
    path("begehungen/", include(surveys)),
    path("gesuche/", include(requests)),
    *of_a_unit,
]
urlpatterns = [
    path("ladenlokale/", include(premises)),
    path("leerstand/", public_views.vacancy_public, name="vacancy_public"),
    path("leerstand/karte.json", public_views.vacancy_points, name="vacancy_public_points"),
]
