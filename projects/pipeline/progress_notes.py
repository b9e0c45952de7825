from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.pipeline.models import Project
from zentrum.common.models import TimeStampedModel, keep_history


@keep_history()
class ProgressNote(TimeStampedModel):
    """What happened in a project, in words for everybody; followers get it by mail (Sachstand)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="progress_notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("What happened"))
    is_public = models.BooleanField(_("public, also mailed to the followers"), default=True)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:50]
