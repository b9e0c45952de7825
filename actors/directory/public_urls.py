from django.urls import path

from actors.directory import public_views as views

urlpatterns = [
    path("", views.DirectoryPublicView.as_view(), name="directory_public"),
    path("karte.json", views.directory_public_points, name="directory_public_points"),
    path("<int:pk>/", views.DirectoryPublicDetailView.as_view(), name="directory_public_detail"),
    path("<int:pk>/ort.json", views.directory_public_point, name="directory_public_point"),
]
