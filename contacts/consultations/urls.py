from django.urls import path

from contacts.consultations import link_views, views

ONE = "anlaufstelle/rueckfrage/<int:pk>/"
CASE = "anlaufstelle/<int:pk>/"
LINK = "rueckfrage/<str:signed>/"

urlpatterns = [
    path("anlaufstelle/rueckfragen/", views.consultation_list, name="consultation_list"),
    path(CASE + "rueckfrage/", views.consultation_create, name="consultation_create"),
    path(CASE + "weiterleiten/", views.referral_create, name="referral_create"),
    path(ONE, views.consultation_detail, name="consultation_detail"),
    path(ONE + "antwort/", views.consultation_note, name="consultation_note"),
    path(ONE + "zurueckziehen/", views.consultation_withdraw, name="consultation_withdraw"),
    path(ONE + "erinnern/", views.consultation_remind, name="consultation_remind"),
    path(LINK, link_views.consultation_answer, name="consultation_answer"),
    path(LINK + "entwurf/", link_views.consultation_draft, name="consultation_draft"),
    path(LINK + "datei/<int:pk>/", link_views.consultation_file, name="consultation_file"),
]
