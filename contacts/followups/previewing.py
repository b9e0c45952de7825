"""What the clock will send next: found ahead of time, to whom it goes and how."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.utils import timezone

from contacts.cases.models import Case
from contacts.followups import finding, matters, reminding
from contacts.followups.choosing import Round, Way
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars, Occurrence
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office.models import Centre

MOST = 100  # rows of one desk
LOOKED_AT = 1000  # of what is found, the oldest: the page stays quick whatever lies undone


@dataclass(frozen=True)
class Coming:
    """One reminder that is not written yet. Another office gets it, or a `way` to a colleague;
    without either nobody may be told."""

    reminder: Reminder
    matter: Matter
    way: Way | None
    office: str = ""


@dataclass(frozen=True)
class Preview:
    """What goes out at the next opening of one desk; `count` says how much in all."""

    centre: Centre
    opens_at: datetime
    rows: list[Coming]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def previews(user: User, now: datetime) -> list[Preview]:
    """One for each desk of this person, as far as they see what it is about.

    Nothing is written: what is announced here is found again, and may have changed, on the day.
    """
    mandates = [mandate for mandate in user.current_mandates if mandate.role in OFFICE]
    desks = {desk.pk: desk for mandate in mandates if (desk := reminding.desk_of(mandate))}
    calendars = Calendars()
    return [_preview(desk, calendars, user, now) for desk in desks.values()]


def _preview(centre: Centre, calendars: Calendars, user: User, now: datetime) -> Preview:
    calendar = calendars.of(centre)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    opens_at = calendar.next_opening(timezone.make_aware(datetime.combine(tomorrow, time())))
    finders = [finder.find(centre, calendar, opens_at) for finder in finding.FINDERS]
    found = chain(*finders, _waits_over(centre, timezone.localdate(opens_at)))
    visible = _visible(_new(list(found))[:LOOKED_AT], user)
    shared = Round.about(visible[:MOST])
    shared.calendars, shared.is_ahead = calendars, True
    rows = [_coming(reminder, shared, opens_at) for reminder in visible[:MOST]]
    return Preview(centre, opens_at, rows, len(visible))


def _waits_over(centre: Centre, day: date) -> Iterator[Occurrence]:
    """Waiting cases that the clock takes up until then."""
    over = Case.objects.filter(centre=centre, pk__in=finding.waits_over(day))
    return map(reminding.wait_over, over.only("waiting_until", "owner_id"))


def _new(occurrences: list[Occurrence]) -> list[Occurrence]:
    """Those of which there is no reminder yet."""
    keys = [occurrence.key for occurrence in occurrences]
    known = set(Reminder.objects.filter(key__in=keys).values_list("key", flat=True))
    return sorted(
        (occurrence for occurrence in occurrences if occurrence.key not in known),
        key=lambda occurrence: (occurrence.occurs_on, occurrence.kind, occurrence.about_id),
    )


def _visible(occurrences: list[Occurrence], user: User) -> list[Reminder]:
    """As reminders with their rows loaded; without what this person may not see."""
    rows = {about: _rows(about, occurrences, user) for about in matters.SORTS}
    return [
        Reminder(
            kind=occurrence.kind,
            occurs_on=occurrence.occurs_on,
            owner_id=occurrence.owner_id,
            **{occurrence.about: rows[occurrence.about][occurrence.about_id]},
        )
        for occurrence in occurrences
        if occurrence.about_id in rows[occurrence.about]
    ]


def _rows(about: str, occurrences: Iterable[Occurrence], user: User) -> dict[int, Any]:
    ids = [occurrence.about_id for occurrence in occurrences if occurrence.about == about]
    if not ids:
        return {}
    model: Any = Reminder._meta.get_field(about).related_model
    sort = matters.SORTS[about]
    rows = sort.visible(model._default_manager.filter(pk__in=ids), user).order_by()
    return rows.select_related(*sort.related).defer(*sort.heavy).in_bulk()


def _coming(reminder: Reminder, shared: Round, opens_at: datetime) -> Coming:
    matter = matters.matter_of(reminder)
    if reminder.consultation:
        return Coming(reminder, matter, None, reminder.consultation.name)
    return Coming(reminder, matter, shared.way_to_tell(reminder, matter, opens_at))
