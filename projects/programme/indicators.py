from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.programme.measuring import MOST, PLACES, said, share_of_time, share_of_way
from projects.programme.programmes import READERS, Goal
from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User


def measured(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=PLACES)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: "User") -> "IndicatorQuerySet":
        return self.filter(within_centres(user, READERS, prefix="goal__programme__"))

    def led_by(self, user: "User") -> "IndicatorQuerySet":
        return self.filter(within_centres(user, LEADING, prefix="goal__programme__"))

    def with_latest(self) -> "IndicatorQuerySet":
        """Adds `latest_value` and `latest_on` of the last day that was measured."""
        readings = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-measured_on")
        return self.annotate(
            latest_value=Subquery(readings.values("value")[:1]),
            latest_on=Subquery(readings.values("measured_on")[:1]),
        )

    def reached(self) -> "IndicatorQuerySet":
        """Those of `with_latest` whose last value lies at the target or beyond it."""
        return self.filter(IS_REACHED)

    def missed(self) -> "IndicatorQuerySet":
        """Those of `with_latest` that were measured and have not reached their target."""
        return self.filter(latest_value__isnull=False).exclude(IS_REACHED)

    def unmeasured(self) -> "IndicatorQuerySet":
        return self.filter(latest_value__isnull=True)


RISES = Q(target_value__gt=F("baseline_value"))
IS_REACHED = (RISES & Q(latest_value__gte=F("target_value"))) | (
    ~RISES & Q(latest_value__lte=F("target_value"))
)


@keep_history()
class Indicator(TimeStampedModel):
    """What shows whether a goal is reached (Indikator): from a baseline to a target, in a unit."""

    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("goal")
    )
    name = models.CharField(_("Indicator"), max_length=200)
    unit = models.CharField(
        _("Unit"), max_length=40, help_text=_("Such as vacant shops, percent or people a day.")
    )
    baseline_value = measured(_("Baseline"))
    baseline_on = models.DateField(_("measured on"))
    target_value = measured(_("Target"))
    target_on = models.DateField(_("to be reached by"))
    version = models.PositiveIntegerField(default=0, editable=False)

    latest_value: Decimal | None  # of `with_latest`
    latest_on: Any

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["goal__programme", "goal__position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="indicator_named",
                condition=~Q(name="") & ~Q(unit=""),
                violation_error_message=_("An indicator needs a name and a unit."),
            ),
            models.CheckConstraint(
                name="indicator_has_a_way_to_go",
                condition=~Q(target_value=F("baseline_value")),
                violation_error_message=_("The target is the baseline: nothing is to be reached."),
            ),
            models.CheckConstraint(
                name="indicator_target_after_baseline",
                condition=Q(target_on__gt=F("baseline_on")),
                violation_error_message=_("The target lies before the baseline."),
            ),
            models.CheckConstraint(
                name="indicator_values_in_range",
                condition=Q(baseline_value__range=(-MOST, MOST), target_value__range=(-MOST, MOST)),
            ),
            models.UniqueConstraint(
                name="indicator_once",
                fields=["goal", "name"],
                violation_error_message=_("This goal already has an indicator of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:indicator_detail", args=[self.pk])

    @property
    def rises(self) -> bool:
        return self.target_value > self.baseline_value

    @property
    def share(self) -> Decimal | None:
        """Of the way that is done, by the last value; None as long as nothing is measured."""
        if self.latest_value is None:
            return None
        return share_of_way(self.baseline_value, self.target_value, self.latest_value)

    @property
    def is_reached(self) -> bool:
        return self.share is not None and self.share >= 1

    @property
    def percent(self) -> str:
        return "" if self.share is None else said(self.share * 100)

    @property
    def bar(self) -> int:
        """The share as a bar shows it: whole percent, none below nothing or above all."""
        return int(min(max(self.share or Decimal(0), Decimal(0)), Decimal(1)) * 100)

    @property
    def percent_of_time(self) -> str:
        return said(share_of_time(self.baseline_on, self.target_on, timezone.localdate()) * 100)

    @property
    def baseline(self) -> str:
        return said(self.baseline_value)

    @property
    def target(self) -> str:
        return said(self.target_value)

    @property
    def latest(self) -> str:
        return "" if self.latest_value is None else said(self.latest_value)


@keep_history()
class Reading(TimeStampedModel):
    """What an indicator measured on a day (Messwert), who says so and where they have it from."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="readings", verbose_name=_("indicator")
    )
    value = measured(_("Value"))
    measured_on = models.DateField(_("measured on"))
    provider = models.CharField(
        _("Who measured it?"), max_length=150, help_text=_("Office, association or person.")
    )
    source = models.CharField(
        _("Where does the value come from?"),
        max_length=200,
        help_text=_("Such as a count on the spot, or the report and its page."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("measured value")
        verbose_name_plural = _("measured values")
        ordering = ["measured_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reading_has_source",
                condition=~Q(provider="") & ~Q(source=""),
                violation_error_message=_("Say who measured the value and where it comes from."),
            ),
            models.CheckConstraint(
                name="reading_value_in_range", condition=Q(value__range=(-MOST, MOST))
            ),
            models.UniqueConstraint(
                name="reading_once_a_day",
                fields=["indicator", "measured_on"],
                violation_error_message=_("There is a value of this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} ({self.measured_on:%d.%m.%Y})"

    @property
    def said(self) -> str:
        return said(self.value)
