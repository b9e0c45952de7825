from django.urls import path

from contacts.followups import reminder_views, settings_views, views

ONE = "wiedervorlagen/<int:pk>/"

urlpatterns = [
    path("erinnerungen/", reminder_views.reminder_list, name="reminder_list"),
    path("erinnerungen/naechste/", reminder_views.reminder_preview, name="reminder_preview"),
    path("erinnerungen/einstellungen/", settings_views.reminder_settings, name="reminder_settings"),
    path("wiedervorlagen/", views.follow_up_list, name="follow_up_list"),
    path("wiedervorlagen/neu/", views.follow_up_create, name="follow_up_create"),
    path(ONE, views.follow_up_update, name="follow_up_update"),
    path(ONE + "erledigt/", views.follow_up_complete, name="follow_up_complete"),
    path(ONE + "zuruecknehmen/", views.follow_up_withdraw, name="follow_up_withdraw"),
]
