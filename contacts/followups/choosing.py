"""Who gets a reminder, and how they want it: a mail at once, after the quiet hours, the digest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from contacts.followups import matters
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars
from contacts.followups.preferences import ReminderSettings
from zentrum.accounts.models import User
from zentrum.office.people import acting_for, deputy_of, owner_for


@dataclass(frozen=True)
class Way:
    """How one person is told of one matter: in the digest, or by a mail at this moment."""

    recipient: User
    is_in_digest: bool
    at: datetime


@dataclass
class Round:
    """What several reminders share: calendars, who acts for whom, who may see and wants what."""

    asked_about: dict[type[Model], set[int]]
    is_ahead: bool = False  # of the day: who stands in then may not see everything yet
    calendars: Calendars = field(default_factory=Calendars)
    acting: dict[int, User | None] = field(default_factory=dict)
    asked: dict[tuple[int, int, int], list[User]] = field(default_factory=dict)
    seen: dict[tuple[int, type[Model]], set[int]] = field(default_factory=dict)
    wishes: dict[int, ReminderSettings] = field(default_factory=dict)

    @classmethod
    def about(cls, reminders: Iterable[Reminder]) -> "Round":
        asked_about: dict[type[Model], set[int]] = defaultdict(set)
        for reminder in reminders:
            if reminder.is_about_something:
                matter = matters.matter_of(reminder)
                asked_about[matter.model].add(matter.pk)
        return cls(asked_about)

    def way_to_tell(self, matter: Matter, now: datetime) -> Way | None:
        """None when nobody who may see the matter holds a mandate.

        The digest names one's own matters and those of absent colleagues; of all else, as of the
        cases of somebody who left, only a mail of its own tells.
        """
        today = timezone.localdate(now)
        if not (recipient := self._recipient(matter, today)):
            return None
        wishes = self._wishes_of(recipient)
        is_named = recipient == self._acting_for(matter.owner, today) and recipient.is_office
        return Way(
            recipient,
            is_in_digest=is_named and not wishes.wants_single,
            at=wishes.free_from(self.calendars.of(matter.centre), now),
        )

    def _recipient(self, matter: Matter, today: date) -> User | None:
        """Who acts for the owner; only somebody who may see the matter is told of it."""
        for person in self._candidates(matter, today):
            stands_in = self.is_ahead and person == self._acting_for(matter.owner, today)
            seen_by = matter.owner if stands_in else person
            if person.is_active and self._may_see(seen_by, matter):
                return person
        return None

    def _may_see(self, person: User, matter: Matter) -> bool:
        key = (person.pk, matter.model)
        if key not in self.seen:
            rows: Any = matter.model._default_manager.filter(pk__in=self.asked_about[matter.model])
            self.seen[key] = set(rows.visible_to(person).values_list("pk", flat=True))
        return matter.pk in self.seen[key]

    def _candidates(self, matter: Matter, today: date) -> list[User]:
        """The owner or who stands in, then whoever leads the desk; in this order.

        Where all who stand in are away themselves, the desk's manager comes first.
        """
        key = (matter.owner.pk, matter.centre.pk, matter.carrier.pk)
        if key not in self.asked:
            acting = self._acting_for(matter.owner, today)
            leading = _leading(matter, today)
            self.asked[key] = [*filter(None, [acting]), *leading, matter.owner]
        return self.asked[key]

    def _acting_for(self, owner: User, today: date) -> User | None:
        if owner.pk not in self.acting:
            self.acting[owner.pk] = acting_for(owner, today)
        return self.acting[owner.pk]

    def _wishes_of(self, person: User) -> ReminderSettings:
        if person.pk not in self.wishes:
            self.wishes[person.pk] = ReminderSettings.of(person)
        return self.wishes[person.pk]


def _leading(matter: Matter, today: date) -> Iterator[User]:
    try:
        leading = owner_for(matter.centre, today, carrier=matter.carrier)
    except ValidationError:
        return
    yield deputy_of(leading, today)
    yield leading
