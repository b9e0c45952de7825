from django.urls import path

from zentrum.portal import accent, style

app_name = "portal"
urlpatterns = [
    path("stadt.css", accent.town_css, name="town_css"),
    path("stil/", style.style_page, name="style"),
    path("stil/orte.geojson", style.style_points, name="style_points"),
]
