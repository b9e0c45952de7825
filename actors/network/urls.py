from django.urls import path

from actors.network import views

urlpatterns = [
    path("netz/", views.network, name="network"),
    path("netz/daten.json", views.network_data, name="network_data"),
    path("bekannt-machen/", views.introduction_create, name="introduction_create"),
]
