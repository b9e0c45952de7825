from django.urls import path

from actors.care import radar_views, round_views, views

urlpatterns = [
    path("kuemmern/", radar_views.care_radar, name="care_radar"),
    path("kuemmern/karte.json", radar_views.care_geojson, name="care_geojson"),
    path("kuemmern/strassen/", radar_views.care_streets, name="care_streets"),
    path(
        "kuemmern/strassen/karte.json",
        radar_views.care_streets_geojson,
        name="care_streets_geojson",
    ),
    path("kuemmern/branchen/", radar_views.care_sectors, name="care_sectors"),
    path("kuemmern/rundgaenge/", round_views.round_list, name="round_list"),
    path("kuemmern/rundgaenge/heute/", round_views.round_today, name="round_today"),
    path("kuemmern/rundgaenge/planen/", radar_views.round_plan, name="round_plan"),
    path("kuemmern/rundgaenge/<int:pk>/", round_views.round_detail, name="round_detail"),
    path(
        "kuemmern/rundgaenge/<int:pk>/karte.json", round_views.round_geojson, name="round_geojson"
    ),
    path("kuemmern/besuche/<int:pk>/", round_views.visit_save, name="visit_save"),
    path("kuemmern/besuche/<int:pk>/streichen/", round_views.visit_drop, name="visit_drop"),
    path("kuemmern/uebergaben/", views.handover_list, name="handover_list"),
    path("kuemmern/uebergaben/neu/", views.handover_create, name="handover_create"),
    path("kuemmern/uebergaben/<int:pk>/", views.handover_detail, name="handover_detail"),
    path("kuemmern/uebergaben/<int:pk>/pdf/", views.handover_download, name="handover_download"),
    path(
        "kuemmern/uebergaben/<int:pk>/benachrichtigen/", views.handover_tell, name="handover_tell"
    ),
    path("<int:pk>/ansprechperson/", views.contact_person_set, name="contact_person_set"),
    path(
        "<int:pk>/ansprechperson/<int:person_pk>/zuruecknehmen/",
        views.contact_person_withdraw,
        name="contact_person_withdraw",
    ),
    path("<int:pk>/besuchen/", round_views.visit_plan, name="visit_plan"),
]
