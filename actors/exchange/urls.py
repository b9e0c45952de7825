from django.urls import path

from actors.exchange import export_views, lost_views, post_views, views

urlpatterns = [
    path("importe/", views.ImportListView.as_view(), name="import_list"),
    path("importe/neu/", views.import_create, name="import_create"),
    path("importe/vermisst/", lost_views.LostListView.as_view(), name="lost_list"),
    path("importe/vermisst/liste.xlsx", lost_views.lost_workbook, name="lost_workbook"),
    path(
        "importe/vermisst/<int:pk>/noch-da/", lost_views.lost_still_there, name="lost_still_there"
    ),
    path("importe/<int:pk>/", views.import_detail, name="import_detail"),
    path("importe/<int:pk>/spalten/", views.import_mapping, name="import_mapping"),
    path("importe/<int:pk>/fortschritt/", views.import_progress, name="import_progress"),
    path("importe/<int:pk>/uebernehmen/", views.import_confirm, name="import_confirm"),
    path("importe/<int:pk>/fortsetzen/", views.import_resume, name="import_resume"),
    path("importe/<int:pk>/nachreichen/", views.import_mend, name="import_mend"),
    path(
        "importe/<int:pk>/abgelehnt.xlsx",
        views.import_refused,
        {"ending": "xlsx"},
        name="import_refused",
    ),
    path(
        "importe/<int:pk>/abgelehnt.csv",
        views.import_refused,
        {"ending": "csv"},
        name="import_refused_text",
    ),
    *(
        path(
            f"export.{ending}",
            export_views.actor_export,
            {"ending": ending},
            name=f"actor_export_{ending}",
        )
        for ending in ("xlsx", "vcf", "geojson")
    ),
    path("post/", post_views.post_page, name="post"),
    path("post/etiketten.pdf", post_views.labels_pdf, name="labels_pdf"),
    path("post/briefe/", post_views.letters_file, name="letters_file"),
    path("post/vorlagen/", post_views.template_list, name="letter_template_list"),
    path("post/vorlagen/<int:pk>/", post_views.template_file, name="letter_template_file"),
    path(
        "post/vorlagen/<int:pk>/entfernen/",
        post_views.template_remove,
        name="letter_template_remove",
    ),
]
