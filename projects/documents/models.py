from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.pipeline.models import Project
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.files.models import StoredFile


class DocumentQuerySet(models.QuerySet["Document"]):
    def public(self) -> "DocumentQuerySet":
        """What everybody may download: public itself, and of a project with a public page."""
        return self.filter(is_public=True, project__is_public=True)


@keep_history()
class Document(TimeStampedModel):
    """A file that belongs to a project, for everybody or for the desk only (Unterlage)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("Title"), max_length=200)
    is_public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_("On the public page of the project, for everybody. Else for the desk only."),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title
