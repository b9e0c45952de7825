from django.urls import path

from contacts.intake import desk_views, office_views, slip_views, views

urlpatterns = [
    path("idee-einreichen/", views.idea_submit, name="idea_submit"),
    path("idee-einreichen/entwurf/", views.draft_save, name="draft_save"),
    path("idee-einreichen/entwurf/verwerfen/", views.draft_discard, name="draft_discard"),
    path("idee-einreichen/danke/<str:signed>/", views.submission_done, name="submission_done"),
    path("barriere-melden/", views.barrier_report, name="barrier_report"),
    path("kontakt/", office_views.contact, name="contact"),
    path("status/<str:signed>/zettel/", slip_views.slip, name="slip"),
    path("status/<str:signed>/qr.svg", slip_views.slip_qr, name="slip_qr"),
    path("anlaufstelle/neu/", desk_views.case_create, name="case_create"),
    path("anlaufstelle/quarantaene/", desk_views.submission_list, name="submission_list"),
    path(
        "anlaufstelle/quarantaene/<int:pk>/freigeben/",
        desk_views.submission_release,
        name="submission_release",
    ),
    path(
        "anlaufstelle/quarantaene/<int:pk>/verwerfen/",
        desk_views.submission_discard,
        name="submission_discard",
    ),
]
