from django.urls import path

from actors.exchange import views

urlpatterns = [
    path("importe/", views.ImportListView.as_view(), name="import_list"),
    path("importe/neu/", views.import_create, name="import_create"),
    path("importe/<int:pk>/", views.import_detail, name="import_detail"),
    path("importe/<int:pk>/spalten/", views.import_mapping, name="import_mapping"),
    path("importe/<int:pk>/fortschritt/", views.import_progress, name="import_progress"),
    path("importe/<int:pk>/uebernehmen/", views.import_confirm, name="import_confirm"),
    path("importe/<int:pk>/fortsetzen/", views.import_resume, name="import_resume"),
]
