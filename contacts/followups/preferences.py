"""What mails a person wants of the office's clock, and when."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zentrum.common.models import TimeStampedModel
from zentrum.office.calendar import Weekday
from zentrum.office.working_time import Hours, OfficeCalendar

if TYPE_CHECKING:
    from zentrum.accounts.models import User

WORKING_DAYS = Weekday.choices[: Weekday.SATURDAY]
MOST_STEPS = 60  # openings looked at; quiet hours that last longer than all of them do not count


def every_working_day() -> list[int]:
    return [number for number, _name in WORKING_DAYS]


class ReminderSettings(TimeStampedModel):
    """Which mails of the clock a person wants, and at what hours none (Ruhezeiten).

    Who has no row has never changed anything: a digest each working day, no single mails.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_settings"
    )
    digest_days = ArrayField(
        models.PositiveSmallIntegerField(choices=WORKING_DAYS),
        verbose_name=_("Morning digest on"),
        default=every_working_day,
        blank=True,
    )
    wants_single = models.BooleanField(
        _("A mail of its own for each reminder"),
        default=False,
        help_text=_("At once when something is due. Without it the digest names it."),
    )
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("Quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder settings")
        verbose_name_plural = _("reminder settings")
        constraints = [
            models.CheckConstraint(
                name="reminder_settings_working_days",
                condition=Q(digest_days__contained_by=every_working_day()),
            ),
            models.CheckConstraint(
                name="reminder_settings_leave_a_way",
                condition=Q(wants_single=True) | ~Q(digest_days=[]),
                violation_error_message=_(
                    "Please keep the digest on one day at least, or single mails: else nobody "
                    "tells you what you have promised."
                ),
            ),
            models.CheckConstraint(
                name="reminder_settings_quiet_whole",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                violation_error_message=_("Please give both times of the quiet hours, or none."),
            ),
            models.CheckConstraint(
                name="reminder_settings_quiet_differ",
                condition=~Q(quiet_from=F("quiet_to")),
                violation_error_message=_("The quiet hours begin and end at the same time."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: "User") -> "ReminderSettings":
        """The person's own row, or one with what holds for everybody. One query."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    def has_digest_on(self, day: date) -> bool:
        return day.weekday() in self.digest_days

    def quiet_until(self, moment: datetime) -> datetime | None:
        """When the quiet hours around this moment end, in local time; None outside of them."""
        start, end = self.quiet_from, self.quiet_to
        if start is None or end is None:
            return None
        local = timezone.localtime(moment, timezone.get_default_timezone())
        clock = local.time()
        if start < end:
            is_quiet, is_tomorrow = start <= clock < end, False
        else:
            is_quiet, is_tomorrow = clock >= start or clock < end, clock >= start
        day = local.date() + timedelta(days=is_tomorrow)
        return _on(day, end.replace(fold=local.fold)) if is_quiet else None

    def free_from(self, calendar: OfficeCalendar, now: datetime) -> datetime:
        """The next moment in office hours and outside the quiet hours, perhaps now.

        Quiet hours that leave no moment at all would silence the office's promises: they do not
        count.
        """
        moment = now
        for _step in range(MOST_STEPS):
            moment = calendar.next_opening(moment)
            if not (end := self.quiet_until(moment)):
                return moment
            moment = end
        return calendar.next_opening(now)

    def leaves_time_in(self, hours: list[Hours]) -> bool:
        """Whether some of these office hours lie outside the quiet hours."""
        start, end = self.quiet_from, self.quiet_to
        if start is None or end is None:
            return True
        if start < end:
            return any(opens < start or closes > end for opens, closes in hours)
        return any(opens < start and closes > end for opens, closes in hours)


def _on(day: date, clock: time) -> datetime:
    """Through UTC: a time that the clocks skip in spring becomes the next one that exists."""
    zone = timezone.get_default_timezone()
    return timezone.localtime(datetime.combine(day, clock, zone).astimezone(UTC), zone)
