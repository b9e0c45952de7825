from django.urls import path

from projects.finance import actions, views

urlpatterns = [
    path("finanzen/", views.finance_overview, name="finance_overview"),
    path("finanzen/kuf.xlsx", views.finance_workbook, name="finance_workbook"),
    path("finanzen/buchungen/", views.BookingListView.as_view(), name="booking_list"),
    path("projektverwaltung/<int:pk>/finanzen/", views.project_finance, name="project_finance"),
    path("projektverwaltung/<int:pk>/finanzen/neu/", actions.create_booking, name="booking_create"),
    path(
        "projektverwaltung/<int:pk>/finanzen/aufteilen/", actions.split_total, name="booking_split"
    ),
    path(
        "projektverwaltung/<int:pk>/finanzen/<int:booking_pk>/",
        actions.correct_booking,
        name="booking_correct",
    ),
]
