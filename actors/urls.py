from django.urls import include, path

from actors.bodies.urls import urlpatterns as bodies
from actors.directory.urls import urlpatterns as directory
from actors.exchange.urls import urlpatterns as exchange

app_name = "actors"
urlpatterns = [
    path("gremien/", include(bodies)),
    path("akteure/", include([*exchange, *directory])),
]
