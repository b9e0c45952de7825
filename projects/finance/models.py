from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.finance.sums import adds_up
from projects.pipeline.models import Project, money_seen_by
from zentrum.common.models import keep_history
from zentrum.common.money import MOST

if TYPE_CHECKING:
    from zentrum.accounts.models import User

FIRST_YEAR, LAST_YEAR = 1971, 2099  # urban development has been funded since 1971


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "User") -> "BookingQuerySet":
        return self.filter(money_seen_by(user, prefix="project__"))


@keep_history()
class Booking(models.Model):
    """An amount of a project in a programme year by its source (Buchung): planned, committed,
    called or paid.

    Money that moved stays written: no row is ever changed or removed, not even by SQL. A
    correction is a row of its own with the difference.
    """

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned")
        COMMITTED = "committed", _("committed")
        CALLED = "called", _("called")
        PAID = "paid", _("paid")

    class Source(models.TextChoices):
        FEDERAL = "federal", _("federal government")
        STATE = "state", _("state")
        TOWN = "town", _("town")
        PRIVATE = "private", _("private")
        FUND = "fund", _("disposition fund")

    PUBLIC_SOURCES = (Source.FEDERAL, Source.STATE, Source.TOWN)

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("Programme year"))
    source = models.CharField(_("Source"), max_length=8, choices=Source.choices)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(_("Amount"), max_digits=11, decimal_places=2)
    booked_on = models.DateField(_("on"))
    text = models.CharField(_("Text"), max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, editable=False)
    submission = models.UUIDField(editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-booked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="booking_amount_in_range",
                condition=Q(amount__gte=-MOST, amount__lte=MOST) & ~Q(amount=0),
                violation_error_message=_("An amount is at least one cent."),
            ),
            models.CheckConstraint(
                name="booking_only_corrections_are_negative",
                condition=Q(amount__gt=0) | Q(corrects__isnull=False),
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                name="booking_corrects_another_row",
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")),
            ),
            models.CheckConstraint(
                name="booking_year_in_range",
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                violation_error_message=_("Write the programme year with four digits."),
            ),
            models.UniqueConstraint(name="booking_once", fields=["submission", "source"]),
        ]
        indexes = [
            models.Index(name="booking_of_project", fields=["project", "year", "source", "kind"]),
            models.Index(name="booking_newest", fields=["-booked_on", "-id"]),
            models.Index(name="booking_of_year", fields=["year"]),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            adds_up(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}, {self.get_source_display()}"

    @property
    def is_correction(self) -> bool:
        return self.corrects_id is not None


def now_holds(booking: Booking) -> Decimal:
    """What the row says together with its corrections, in euro."""
    changed = booking.corrections.aggregate(sum=models.Sum("amount"))["sum"]
    return booking.amount + (changed or Decimal(0))


def this_year() -> int:
    return timezone.localdate().year
