from django.urls import path

from projects.programme import boundary_views, goal_views, indicator_views, views

urlpatterns = [
    path("programm/", views.ProgrammeListView.as_view(), name="programme_list"),
    path("programm/neu/", views.create_programme, name="programme_create"),
    path(
        "programm/indikatoren/", indicator_views.IndicatorListView.as_view(), name="indicator_list"
    ),
    path("programm/indikatoren.xlsx", indicator_views.indicators_file, name="indicators_file"),
    path(
        "programm/ziele/<int:pk>/indikatoren/neu/",
        indicator_views.create_indicator,
        name="indicator_create",
    ),
    path(
        "programm/indikatoren/<int:pk>/",
        indicator_views.IndicatorDetailView.as_view(),
        name="indicator_detail",
    ),
    path(
        "programm/indikatoren/<int:pk>/bearbeiten/",
        indicator_views.update_indicator,
        name="indicator_update",
    ),
    path(
        "programm/indikatoren/<int:pk>/werte/neu/",
        indicator_views.create_reading,
        name="reading_create",
    ),
    path(
        "programm/indikatoren/<int:pk>/werte/<int:reading_pk>/",
        indicator_views.update_reading,
        name="reading_update",
    ),
    path("programm/<int:pk>/", views.ProgrammeDetailView.as_view(), name="programme_detail"),
    path("programm/<int:pk>/bearbeiten/", views.update_programme, name="programme_update"),
    path("programm/<int:pk>/grenze/", boundary_views.update_boundary, name="programme_boundary"),
    path("programm/<int:pk>/beschluss/", views.programme_document, name="programme_document"),
    path("programm/<int:pk>/ziele/neu/", goal_views.create_goal, name="goal_create"),
    path("programm/<int:pk>/ziele/<int:goal_pk>/", goal_views.update_goal, name="goal_update"),
    path("programm/<int:pk>/ziele/<int:goal_pk>/platz/", goal_views.place_goal, name="goal_place"),
    path(
        "programm/<int:pk>/ziele/<int:goal_pk>/entfernen/",
        goal_views.remove_goal,
        name="goal_remove",
    ),
]
