from django.urls import path

from projects.documents import views

urlpatterns = [
    path(
        "projekte/<slug:reference>/unterlagen/<int:document_pk>/",
        views.public_document,
        name="project_public_document",
    ),
    path(
        "projektverwaltung/<int:pk>/unterlagen/neu/",
        views.create_document,
        name="document_create",
    ),
    path(
        "projektverwaltung/<int:pk>/unterlagen/<int:document_pk>/",
        views.document_file,
        name="document_file",
    ),
    path(
        "projektverwaltung/<int:pk>/unterlagen/<int:document_pk>/bearbeiten/",
        views.update_document,
        name="document_update",
    ),
    path(
        "projektverwaltung/<int:pk>/unterlagen/<int:document_pk>/entfernen/",
        views.remove_document,
        name="document_remove",
    ),
]
