from django.urls import path

from zentrum.portal import (
    accent,
    areas,
    dashboard,
    dashboard_rows,
    door,
    health,
    legal,
    search,
    start,
    style,
    tiles,
)

app_name = "portal"
urlpatterns = [
    path("", start.start_page, name="start"),
    path("start/", door.door, name="door"),
    path("suche/", search.search_page, name="search"),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
    path("robots.txt", legal.robots, name="robots"),
    path("favicon.ico", legal.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("karte/kacheln/<int:z>/<int:x>/<int:y>.png", tiles.tile, name="tile"),
    path("karte/gebiete.json", areas.areas, name="areas"),
    path("stadt.css", accent.town_css, name="town_css"),
    path("stil/", style.style_page, name="style"),
    path("stil/orte.geojson", style.style_points, name="style_points"),
    path("uebersicht/", dashboard.dashboard, name="dashboard"),
    path(
        "uebersicht/vorgaenge/<slug:figure>/",
        dashboard_rows.CaseRowsView.as_view(),
        name="dashboard_cases",
    ),
    path(
        "uebersicht/meilensteine/<slug:figure>/",
        dashboard_rows.MilestoneRowsView.as_view(),
        name="dashboard_milestones",
    ),
]
