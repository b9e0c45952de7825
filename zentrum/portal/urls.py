from django.urls import path

from zentrum.portal import style

app_name = "portal"
urlpatterns = [
    path("stadt.css", style.town_css, name="town_css"),
    path("stil/", style.style_page, name="style"),
]
