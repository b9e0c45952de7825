from django.urls import path

from contacts.cases import (
    actions,
    period_views,
    reply_actions,
    similar_views,
    status_views,
    views,
    wording_views,
)

CASE = "anlaufstelle/<int:pk>/"
TEMPLATES = "anlaufstelle/textbausteine/"

urlpatterns = [
    path("heute/", views.today, name="today"),
    path("anlaufstelle/", views.case_list, name="case_list"),
    path("anlaufstelle/datei/<int:pk>/", views.case_attachment, name="case_attachment"),
    path(CASE, views.case_detail, name="case_detail"),
    path(CASE + "antwort/", actions.case_reply, name="case_reply"),
    path(CASE + "antwort/entwurf/", reply_actions.reply_draft_save, name="reply_draft_save"),
    path(
        CASE + "antwort/verwerfen/", reply_actions.reply_draft_discard, name="reply_draft_discard"
    ),
    path(CASE + "dabei/", views.presence_beat, name="presence_beat"),
    path(CASE + "antwort/baustein/", reply_actions.reply_wording, name="reply_wording"),
    path(CASE + "antwort/an-alle/", reply_actions.reply_to_all, name="reply_to_all"),
    path(
        CASE + "antwort/<int:message_pk>/zurueckholen/",
        reply_actions.reply_take_back,
        name="reply_take_back",
    ),
    path(CASE + "notiz/", actions.case_note, name="case_note"),
    path(CASE + "uebergeben/", actions.case_hand_over, name="case_hand_over"),
    path(CASE + "warten/", actions.case_wait, name="case_wait"),
    path(CASE + "aufnehmen/", actions.case_resume, name="case_resume"),
    path(CASE + "zusage/", actions.case_promise, name="case_promise"),
    path(CASE + "abschliessen/", actions.case_close, name="case_close"),
    path(CASE + "oeffnen/", actions.case_reopen, name="case_reopen"),
    path(CASE + "idee/", actions.case_adopt, name="case_adopt"),
    path(CASE + "aehnliche/", similar_views.case_similar, name="case_similar"),
    path(CASE + "akteur/", actions.case_link_actor, name="case_link_actor"),
    path(CASE + "gelesen/", actions.case_mark_read, name="case_mark_read"),
    path("buero/fristen/", period_views.reply_periods, name="reply_periods"),
    path(
        CASE + "zustellung/<int:message_pk>/erledigt/",
        reply_actions.delivery_settle,
        name="delivery_settle",
    ),
    path(TEMPLATES, wording_views.WordingListView.as_view(), name="wording_list"),
    path(TEMPLATES + "neu/", wording_views.TemplateCreateView.as_view(), name="template_create"),
    path(
        TEMPLATES + "<int:pk>/", wording_views.TemplateUpdateView.as_view(), name="template_update"
    ),
    path(TEMPLATES + "<int:pk>/entfernen/", wording_views.template_remove, name="template_remove"),
    path(
        TEMPLATES + "unterschrift/<int:carrier_pk>/",
        wording_views.SignatureUpdateView.as_view(),
        name="signature_update",
    ),
    path("status/", status_views.status_lookup, name="status_lookup"),
    path("status/<str:signed>/", status_views.case_status, name="case_status"),
    path("status/<str:signed>/bestaetigen/", status_views.email_confirm, name="email_confirm"),
    path(
        "status/<str:signed>/datei/<int:pk>/",
        status_views.status_attachment,
        name="status_attachment",
    ),
]
