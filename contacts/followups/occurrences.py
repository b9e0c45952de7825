"""What a finder finds: something that is due, for one person, on one day."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from contacts.followups.models import Reminder
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

LOOK_BACK = timedelta(days=60)  # reaches the fifth overdue notice across a long closure


@dataclass(frozen=True)
class Occurrence:
    """Something that is due, for one person, on one day; its key is the reminder's key.

    `about` is the field of Reminder that points at the matter, `about_id` the matter's key.
    `deadline` is the date that is announced, if the notice comes on another day.
    """

    kind: Reminder.Kind
    about: str
    about_id: int
    occurs_on: date
    owner_id: int
    deadline: date | None = None

    @property
    def key(self) -> str:
        day = self.deadline or self.occurs_on
        matter = f"{self.about}:{self.about_id}"
        return f"{self.kind}:{matter}:{day}:{self.occurs_on}:{self.owner_id}"


@dataclass
class Calendars:
    """The office calendars of one run, each loaded once."""

    loaded: dict[int, OfficeCalendar] = field(default_factory=dict)

    def of(self, centre: Centre) -> OfficeCalendar:
        if centre.pk not in self.loaded:
            self.loaded[centre.pk] = OfficeCalendar.of(centre)
        return self.loaded[centre.pk]


def horizon(calendar: OfficeCalendar, today: date) -> date:
    """The last day that is near: the next working day, or the next day with office hours."""
    tomorrow = timezone.make_aware(datetime.combine(today + timedelta(days=1), time()))
    opening = timezone.localdate(calendar.next_opening(tomorrow))
    return max(calendar.add_working_days(today, 1), opening)
