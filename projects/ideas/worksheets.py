from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.ideas.models import Idea
from zentrum.common.models import TimeStampedModel, keep_history

MOST_EURO = 999_999_999


@keep_history()
class Worksheet(TimeStampedModel):
    """How the desk thinks an idea through before it is decided on (Arbeitsblatt); internal."""

    events: Any  # kept by the triggers of `keep_history`

    class Effort(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    idea = models.OneToOneField(
        Idea, on_delete=models.CASCADE, related_name="worksheet", verbose_name=_("idea")
    )
    benefit = models.TextField(_("Benefit"), blank=True)
    aim = models.TextField(_("Goal"), blank=True)
    partners = models.TextField(_("Partners"), blank=True)
    cost = models.PositiveIntegerField(
        _("Rough cost in euro"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    effort = models.CharField(
        _("Effort of the office"), max_length=6, choices=Effort.choices, blank=True
    )
    risk = models.TextField(_("Risk"), blank=True)
    next_step = models.TextField(_("Next step"), blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    TEXTS = ("benefit", "aim", "partners", "risk", "next_step")
    FIELDS = ("benefit", "aim", "partners", "cost", "effort", "risk", "next_step")

    class Meta:
        verbose_name = _("worksheet")
        verbose_name_plural = _("worksheets")
        constraints = [
            models.CheckConstraint(
                name="worksheet_cost_in_range",
                condition=Q(cost__isnull=True) | Q(cost__range=(0, MOST_EURO)),
                violation_error_message=_("The cost is a whole number of euro."),
            ),
            models.CheckConstraint(
                name="worksheet_effort_known", condition=Q(effort__in=["", "low", "medium", "high"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.idea)
