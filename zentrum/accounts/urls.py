from django.urls import path

from zentrum.accounts import views

app_name = "accounts"
urlpatterns = [
    path("personen/", views.UserListView.as_view(), name="user_list"),
    path("personen/neu/", views.UserCreateView.as_view(), name="user_create"),
    path("personen/<int:pk>/", views.UserDetailView.as_view(), name="user_detail"),
    path("personen/<int:pk>/aendern/", views.UserUpdateView.as_view(), name="user_update"),
    path("personen/<int:pk>/einladen/", views.invite_user, name="user_invite"),
]
