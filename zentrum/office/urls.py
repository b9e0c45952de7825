from django.urls import path

from zentrum.office import mandate_views, views

app_name = "office"
urlpatterns = [
    path("", views.SettingsView.as_view(), name="settings"),
    path("stadt/", views.TownUpdateView.as_view(), name="town_update"),
    path("zentrum/neu/", views.CentreCreateView.as_view(), name="centre_create"),
    path("zentrum/<int:pk>/", views.CentreUpdateView.as_view(), name="centre_update"),
    path("schliesstage/", views.ClosingDayListView.as_view(), name="closingday_list"),
    path("schliesstage/neu/", views.ClosingDayCreateView.as_view(), name="closingday_create"),
    path(
        "schliesstage/<int:pk>/loeschen/",
        views.ClosingDayDeleteView.as_view(),
        name="closingday_delete",
    ),
    path("abwesenheiten/", views.AbsenceListView.as_view(), name="absence_list"),
    path("abwesenheiten/neu/", views.AbsenceCreateView.as_view(), name="absence_create"),
    path(
        "abwesenheiten/<int:pk>/loeschen/", views.AbsenceDeleteView.as_view(), name="absence_delete"
    ),
    path("traeger/", views.CarrierListView.as_view(), name="carrier_list"),
    path("traeger/neu/", views.CarrierCreateView.as_view(), name="carrier_create"),
    path("feiertage/", views.HolidayListView.as_view(), name="holiday_list"),
    path("feiertage/<int:year>/", views.HolidayListView.as_view(), name="holiday_year"),
    path(
        "personen/<int:user_pk>/mandat/",
        mandate_views.MandateCreateView.as_view(),
        name="mandate_create",
    ),
    path("mandate/<int:pk>/ende/", mandate_views.MandateEndView.as_view(), name="mandate_end"),
]
