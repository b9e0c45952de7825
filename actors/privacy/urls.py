from django.urls import path

from actors.privacy import actor_views, disclosure_views, views

urlpatterns = [
    path("datenschutz/", views.privacy_overview, name="privacy_overview"),
    path("datenschutz/vorschlaege/", views.ProposalListView.as_view(), name="proposal_list"),
    path(
        "datenschutz/vorschlaege/<int:pk>/entscheiden/",
        views.proposal_decide,
        name="proposal_decide",
    ),
    path(
        "datenschutz/auskuenfte/<int:pk>/",
        disclosure_views.disclosure_detail,
        name="disclosure_detail",
    ),
    path(
        "datenschutz/auskuenfte/<int:pk>/fortschritt/",
        disclosure_views.disclosure_progress,
        name="disclosure_progress",
    ),
    path(
        "datenschutz/auskuenfte/<int:pk>/datei/",
        disclosure_views.disclosure_download,
        name="disclosure_download",
    ),
    path("datenschutz/regeln/<int:pk>/", views.RuleUpdateView.as_view(), name="rule_update"),
    path("datenschutz/verzeichnis/", views.processing_record, name="processing_record"),
    path("datenschutz/verzeichnis.pdf", views.processing_record_pdf, name="processing_record_pdf"),
    path("<int:pk>/einwilligungen/neu/", actor_views.consent_create, name="consent_create"),
    path(
        "<int:pk>/einwilligungen/<int:consent_pk>/widerrufen/",
        actor_views.consent_withdraw,
        name="consent_withdraw",
    ),
    path("<int:pk>/auskunft/", actor_views.disclosure, name="disclosure"),
    path("<int:pk>/loeschen/", actor_views.erase, name="actor_erase"),
]
