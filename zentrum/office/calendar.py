from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.office.places import Centre


class Weekday(models.IntegerChoices):
    """Days as `date.weekday()` counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


@keep_history()
class OfficeHours(TimeStampedModel):
    """When the office on site is staffed on a day of the week (Sprechzeit), local time."""

    centre = models.ForeignKey(
        Centre, on_delete=models.CASCADE, related_name="office_hours", verbose_name=_("centre")
    )
    weekday = models.PositiveSmallIntegerField(_("Day of the week"), choices=Weekday.choices)
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                name="office_hours_close_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("The office closes after it opens."),
            ),
            models.CheckConstraint(
                name="office_hours_weekday_exists", condition=Q(weekday__range=(0, 6))
            ),
            models.UniqueConstraint(
                name="office_hours_once", fields=["centre", "weekday", "opens_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


@keep_history()
class ClosingDay(TimeStampedModel):
    """Days on which the office is closed although it would be open (Schließtag)."""

    centre = models.ForeignKey(
        Centre,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closing_days",
        verbose_name=_("centre"),
        help_text=_("Empty: all centres of the town."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("Reason"), max_length=200)

    class Meta:
        verbose_name = _("closing day")
        verbose_name_plural = _("closing days")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="closing_day_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end lies before the start."),
            ),
            models.UniqueConstraint(
                name="closing_day_once",
                fields=["centre", "starts_on", "ends_on"],
                nulls_distinct=False,
                violation_error_message=_("These closing days are already entered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}: {self.reason}"


@keep_history()
class Absence(TimeStampedModel):
    """A person is away; the deputy receives what is due meanwhile (Abwesenheit, Vertretung)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="absences",
        verbose_name=_("person"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="deputises",
        verbose_name=_("Deputy"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another",
                condition=~Q(user=F("deputy")),
                violation_error_message=_("Nobody can be their own deputy."),
            ),
            models.UniqueConstraint(
                name="absence_once",
                fields=["user", "starts_on", "ends_on"],
                violation_error_message=_("This absence is already entered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"
