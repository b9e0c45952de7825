from django.urls import include, path

from actors.bodies.urls import urlpatterns as bodies
from actors.directory.urls import urlpatterns as directory
from actors.duplicates.urls import urlpatterns as duplicates
from actors.exchange.urls import urlpatterns as exchange
from actors.expertise.urls import urlpatterns as expertise
from actors.network.urls import urlpatterns as network
from actors.premises.urls import urlpatterns as premises

app_name = "actors"
urlpatterns = [
    *premises,
    path("gremien/", include(bodies)),
    path("akteure/", include([*duplicates, *exchange, *expertise, *network, *directory])),
]
