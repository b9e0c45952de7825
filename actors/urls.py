from django.urls import include, path

from actors.bodies.urls import urlpatterns as bodies
from actors.care.urls import urlpatterns as care
from actors.directory.public_urls import urlpatterns as directory_public
from actors.directory.urls import urlpatterns as directory
from actors.duplicates.urls import urlpatterns as duplicates
from actors.exchange.urls import urlpatterns as exchange
from actors.expertise.urls import urlpatterns as expertise
from actors.network.urls import urlpatterns as network
from actors.premises.urls import urlpatterns as premises
from actors.privacy.urls import urlpatterns as privacy

app_name = "actors"
urlpatterns = [
    path("verzeichnis/", include(directory_public)),
    *premises,
    path("gremien/", include(bodies)),
    path(
        "akteure/",
        include([*care, *duplicates, *exchange, *expertise, *network, *privacy, *directory]),
    ),
]
