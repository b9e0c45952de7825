from django.urls import path

from contacts.cases import actions, period_views, status_views, views

CASE = "anlaufstelle/<int:pk>/"

urlpatterns = [
    path("heute/", views.today, name="today"),
    path("anlaufstelle/", views.case_list, name="case_list"),
    path("anlaufstelle/datei/<int:pk>/", views.case_attachment, name="case_attachment"),
    path(CASE, views.case_detail, name="case_detail"),
    path(CASE + "antwort/", actions.case_reply, name="case_reply"),
    path(CASE + "antwort/entwurf/", actions.reply_draft_save, name="reply_draft_save"),
    path(CASE + "antwort/verwerfen/", actions.reply_draft_discard, name="reply_draft_discard"),
    path(CASE + "notiz/", actions.case_note, name="case_note"),
    path(CASE + "uebergeben/", actions.case_hand_over, name="case_hand_over"),
    path(CASE + "warten/", actions.case_wait, name="case_wait"),
    path(CASE + "aufnehmen/", actions.case_resume, name="case_resume"),
    path(CASE + "zusage/", actions.case_promise, name="case_promise"),
    path(CASE + "abschliessen/", actions.case_close, name="case_close"),
    path(CASE + "oeffnen/", actions.case_reopen, name="case_reopen"),
    path(CASE + "idee/", actions.case_adopt, name="case_adopt"),
    path(CASE + "akteur/", actions.case_link_actor, name="case_link_actor"),
    path(CASE + "gelesen/", actions.case_mark_read, name="case_mark_read"),
    path("buero/fristen/", period_views.reply_periods, name="reply_periods"),
    path("status/", status_views.status_lookup, name="status_lookup"),
    path("status/<str:signed>/", status_views.case_status, name="case_status"),
    path("status/<str:signed>/bestaetigen/", status_views.email_confirm, name="email_confirm"),
    path(
        "status/<str:signed>/datei/<int:pk>/",
        status_views.status_attachment,
        name="status_attachment",
    ),
]
