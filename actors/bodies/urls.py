from django.urls import path

from actors.bodies import views

urlpatterns = [
    path("", views.body_list, name="body_list"),
    path("neu/", views.body_create, name="body_create"),
    path("<int:pk>/", views.body_detail, name="body_detail"),
    path("<int:pk>/bearbeiten/", views.body_update, name="body_update"),
    path("<int:pk>/quoten/neu/", views.quota_create, name="quota_create"),
    path("<int:pk>/quoten/<int:quota_pk>/entfernen/", views.quota_delete, name="quota_delete"),
    path("<int:pk>/sitze/neu/", views.seat_create, name="seat_create"),
    path("<int:pk>/sitze/<int:seat_pk>/", views.seat_update, name="seat_update"),
    path("<int:pk>/sitze/<int:seat_pk>/beenden/", views.seat_end, name="seat_end"),
]
