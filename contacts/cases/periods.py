"""Within how many working days the town answers, by kind of matter."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.office.models import Town

LONGEST = 60  # working days


@keep_history()
class ReplyPeriod(TimeStampedModel):
    """The working days that the town promises for one kind of matter (Antwortfrist).

    A kind without a row takes the town's own number, `Town.promise_days`.
    """

    kind = models.CharField(_("Kind"), max_length=10, choices=Case.Kind.choices, unique=True)
    days = models.PositiveSmallIntegerField(
        _("Working days"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )

    class Meta:
        verbose_name = _("reply period")
        verbose_name_plural = _("reply periods")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                name="reply_period_some_days", condition=Q(days__range=(1, LONGEST))
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days}"


def promised_days(town: Town, kind: str) -> int:
    """The working days promised for this kind of matter. One query."""
    days = ReplyPeriod.objects.filter(kind=kind).values_list("days", flat=True).first()
    return days or town.promise_days


def all_promised_days(town: Town) -> dict[str, int]:
    """The working days of every kind. One query."""
    own = dict(ReplyPeriod.objects.values_list("kind", "days"))
    return {kind: own.get(kind, town.promise_days) for kind in Case.Kind.values}
