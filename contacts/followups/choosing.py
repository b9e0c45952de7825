"""Who gets a reminder, and how they want it: a mail at once, after the quiet hours, the digest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from contacts.followups import matters
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars
from contacts.followups.preferences import ReminderSettings
from contacts.followups.reminding import digest_key
from zentrum.accounts.models import User
from zentrum.office.people import acting_for, deputy_of, owner_for

Kind = Reminder.Kind
CAN_WAIT = (Kind.REPLY_COMING, Kind.IDEA_UNREAD)  # tomorrow's digest is early enough, or has it
TO_SETTLE = timedelta(hours=1)  # what is done at once, on the phone, needs no mail


@dataclass(frozen=True)
class Way:
    """How one person is told of one matter: in the digest, or by a mail at this moment.

    `is_after_digest`: it became due when the digest of the day was out.
    """

    recipient: User
    is_in_digest: bool
    at: datetime
    is_after_digest: bool = False


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
    digests: dict[int, datetime | None] = field(default_factory=dict)

    @classmethod
    def about(cls, reminders: Iterable[Reminder]) -> "Round":
        asked_about: dict[type[Model], set[int]] = defaultdict(set)
        for reminder in reminders:
            if reminder.is_about_something:
                matter = matters.matter_of(reminder)
                asked_about[matter.model].add(matter.pk)
        return cls(asked_about)

    def way_to_tell(self, reminder: Reminder, matter: Matter, now: datetime) -> Way | None:
        """None when nobody who may see the matter holds a mandate.

        The digest names one's own matters and those of absent colleagues; of all else, as of the
        cases of somebody who left, only a mail of its own tells. So it does of what became due on
        the day itself, after the digest.
        """
        today = timezone.localdate(now)
        if not (recipient := self._recipient(matter, today)):
            return None
        wishes, calendar = self._wishes_of(recipient), self.calendars.of(matter.centre)
        is_named = recipient == self._acting_for(matter.owner, today) and recipient.is_office
        if wishes.wants_single or not is_named:
            return Way(recipient, is_in_digest=False, at=wishes.free_from(calendar, now))
        if not self._came_after_digest(reminder, wishes, today):
            return Way(recipient, is_in_digest=True, at=wishes.free_from(calendar, now))
        settled_by = wishes.free_from(calendar, max(now, reminder.created_at + TO_SETTLE))
        in_time = timezone.localdate(settled_by) == today
        at = settled_by if in_time else wishes.free_from(calendar, now)
        return Way(recipient, is_in_digest=False, at=at, is_after_digest=True)

    def _came_after_digest(self, reminder: Reminder, wishes: ReminderSettings, today: date) -> bool:
        """Whether the person wanted a digest today, and it was out before this became due."""
        if reminder.kind in CAN_WAIT or not wishes.has_digest_on(today):
            return False
        out_at = self._digest_out_at(wishes.user_id, today)
        return out_at is not None and out_at < reminder.created_at

    def _digest_out_at(self, user_id: int, today: date) -> datetime | None:
        """When the digest of the day was sent, or skipped as there was nothing to say yet."""
        if user_id not in self.digests:
            rows = Reminder.objects.filter(key=digest_key(user_id, today))
            row = rows.only("sent_at", "skipped_at").first()
            self.digests[user_id] = (row.sent_at or row.skipped_at) if row else None
        return self.digests[user_id]

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
