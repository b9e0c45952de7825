from django.db import models
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from projects.pipeline.models import Project
from zentrum.common.models import TimeStampedModel, keep_history


@keep_history()
class Participant(TimeStampedModel):
    """An actor who takes part in a project, with what they do there."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participants")
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="participations", verbose_name=_("actor")
    )
    function = models.CharField(_("Function"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="participant_once",
                fields=["project", "actor"],
                violation_error_message=_("This actor already takes part."),
            )
        ]

    def __str__(self) -> str:
        return str(self.actor)
