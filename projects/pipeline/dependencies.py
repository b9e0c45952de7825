from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.pipeline.milestones import Milestone
from projects.pipeline.order import within_one_project
from zentrum.common.models import TimeStampedModel, keep_history


@keep_history()
class Dependency(TimeStampedModel):
    """A step that can only go on once an earlier one is reached (Abhängigkeit)."""

    earlier = models.ForeignKey(
        Milestone,
        on_delete=models.CASCADE,
        related_name="held_up",
        verbose_name=_("earlier step"),
    )
    later = models.ForeignKey(
        Milestone,
        on_delete=models.CASCADE,
        related_name="waits_for",
        verbose_name=_("later step"),
    )

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="dependency_once", fields=["later", "earlier"]),
            models.CheckConstraint(name="dependency_of_two", condition=~Q(earlier=F("later"))),
        ]
        triggers = [within_one_project()]

    def __str__(self) -> str:
        return f"{self.later}: {self.earlier}"
