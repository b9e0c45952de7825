from django.urls import path

from zentrum.mail import views

app_name = "mail"
urlpatterns = [
    path("", views.OutgoingListView.as_view(), name="outgoing_list"),
    path("<int:pk>/", views.OutgoingDetailView.as_view(), name="outgoing_detail"),
    path("<int:pk>/nochmal/", views.try_again, name="outgoing_try_again"),
    path("<int:pk>/anlage/<int:file_pk>/", views.attachment, name="outgoing_attachment"),
]
