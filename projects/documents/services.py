"""Documents of a project: added once, taken away with their file."""

from typing import TYPE_CHECKING

import pghistory
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from projects.documents.models import Document
from projects.pipeline.models import Project
from zentrum.files import services as files

if TYPE_CHECKING:
    from zentrum.accounts.models import User


@transaction.atomic
def add_document(
    project: Project, upload: UploadedFile, *, title: str, is_public: bool, by: "User"
) -> Document:
    """Keep an upload with a project. The same file under the same title again is the same document.

    Raises ValidationError when the file is too large or of a kind that is not taken.
    """
    with pghistory.context(user=by.pk):
        row = Project.objects.select_for_update().get(pk=project.pk)
        stored = files.store(upload, user=by)
        twin = row.documents.filter(file__sha256=stored.sha256, title=title).first()
        if twin:
            files.remove(stored)
            return twin
        document = Document(project=row, file=stored, title=title, is_public=is_public)
        document.full_clean()
        document.save()
    return document


@transaction.atomic
def remove_document(document: Document, *, by: "User") -> None:
    """Take a document away for good, with its file; the history keeps that it was there."""
    with pghistory.context(user=by.pk):
        stored = document.file
        document.delete()
        files.remove(stored)
