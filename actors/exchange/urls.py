from django.urls import path

from actors.exchange import lost_views, views

urlpatterns = [
    path("importe/", views.ImportListView.as_view(), name="import_list"),
    path("importe/neu/", views.import_create, name="import_create"),
    path("importe/vermisst/", lost_views.LostListView.as_view(), name="lost_list"),
    path("importe/vermisst/liste.xlsx", lost_views.lost_workbook, name="lost_workbook"),
    path(
        "importe/vermisst/<int:pk>/noch-da/", lost_views.lost_still_there, name="lost_still_there"
    ),
    path("importe/<int:pk>/", views.import_detail, name="import_detail"),
    path("importe/<int:pk>/spalten/", views.import_mapping, name="import_mapping"),
    path("importe/<int:pk>/fortschritt/", views.import_progress, name="import_progress"),
    path("importe/<int:pk>/uebernehmen/", views.import_confirm, name="import_confirm"),
    path("importe/<int:pk>/fortsetzen/", views.import_resume, name="import_resume"),
    path("importe/<int:pk>/nachreichen/", views.import_mend, name="import_mend"),
    path(
        "importe/<int:pk>/abgelehnt.xlsx",
        views.import_refused,
        {"ending": "xlsx"},
        name="import_refused",
    ),
    path(
        "importe/<int:pk>/abgelehnt.csv",
        views.import_refused,
        {"ending": "csv"},
        name="import_refused_text",
    ),
]
