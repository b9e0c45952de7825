from django.urls import include, path

from actors.directory.urls import urlpatterns as directory
from actors.exchange.urls import urlpatterns as exchange

app_name = "actors"
urlpatterns = [
    path("akteure/", include([*exchange, *directory])),
]
