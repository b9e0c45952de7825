from django.urls import path

from contacts.mailbox import settings_views, sorting_views, views

MAIL = "anlaufstelle/post/<int:pk>/"
MESSAGE = "anlaufstelle/nachricht/<int:pk>/"
CASE = "anlaufstelle/<int:pk>/"

urlpatterns = [
    path("anlaufstelle/post/", views.mail_list, name="mail_list"),
    path(MAIL + "roh/", views.mail_raw, name="mail_raw"),
    path(MAIL + "nochmal/", views.mail_try_again, name="mail_try_again"),
    path(MAIL + "vorgang/", views.mail_make_case, name="mail_make_case"),
    path(MAIL + "verwerfen/", views.mail_discard, name="mail_discard"),
    path(MESSAGE, sorting_views.message_detail, name="message_detail"),
    path(MESSAGE + "roh/", sorting_views.message_raw, name="message_raw"),
    path(MESSAGE + "verschieben/", sorting_views.message_move, name="message_move"),
    path(MESSAGE + "eigener-vorgang/", sorting_views.message_split, name="message_split"),
    path(CASE + "zusammenfuehren/", sorting_views.case_merge, name="case_merge"),
    path(CASE + "vorschlag-verwerfen/", sorting_views.suggestion_drop, name="suggestion_drop"),
    path("buero/postfaecher/", settings_views.MailboxListView.as_view(), name="mailbox_list"),
    path(
        "buero/postfaecher/neu/",
        settings_views.MailboxCreateView.as_view(),
        name="mailbox_create",
    ),
    path(
        "buero/postfaecher/<int:pk>/",
        settings_views.MailboxUpdateView.as_view(),
        name="mailbox_update",
    ),
]
