"""The morning digest *Heute an der Anlaufstelle*: what a person's day at the desk holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contacts.cases import escalating
from contacts.cases.models import Case
from contacts.followups.finding import ASLEEP_PHASES
from contacts.followups.follow_ups import FollowUp
from contacts.followups.models import Reminder
from contacts.followups.reminding import desk_of, office_mandates
from projects.pipeline.models import Milestone, Project
from zentrum.accounts.models import User
from zentrum.common.links import absolute
from zentrum.mail.services import draft
from zentrum.office.models import Mandate
from zentrum.office.people import deputy_of, stands_in_for
from zentrum.office.working_time import OfficeCalendar

LONGEST = 20  # lines of a section


@dataclass(frozen=True)
class Section:
    """One heading of the digest with its first rows; `count` says how many there are in all."""

    title: str
    rows: list[Model]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def settle(reminder: Reminder, now: datetime) -> None:
    """Send the digest, or skip it with the reason: nothing to do, away, the day is over."""
    today = timezone.localdate(now)
    person = reminder.owner
    mandate = next(iter(office_mandates(today, person.pk)), None)
    if reminder.occurs_on != today or not mandate:
        reminder.skip(_("The day is over, or the mandate has ended."), now)
    elif (deputy := deputy_of(person, today)) != person:
        reminder.skip(_("Absent: %(deputy)s gets it.") % {"deputy": deputy}, now)
    elif sections := sections_for(person, now):
        _send(reminder, person, mandate, sections, now)
    else:
        reminder.skip(_("Nothing to do today."), now)


def _send(
    reminder: Reminder, person: User, mandate: Mandate, sections: list[Section], now: datetime
) -> None:
    desk = desk_of(mandate)
    calendar = OfficeCalendar.of(desk) if desk else None
    if calendar and not calendar.is_open(now):
        reminder.due_at = calendar.next_opening(now)
        return
    day = formats.date_format(reminder.occurs_on, "l, j. F")
    try:
        mail = draft(
            key=f"reminder:{reminder.pk}",
            to=person.email,
            subject=_("Today at the desk: %(day)s") % {"day": day},
            template="contacts/email/digest",
            context={
                "person": person,
                "sections": sections,
                "url": absolute(reverse("contacts:today")),
            },
            carrier=mandate.carrier,
            centre=desk,
        )
    except ValidationError as error:
        reminder.skip(" ".join(error.messages), now)
    else:
        reminder.note_delivery(mail, person, now)


def sections_for(person: User, now: datetime) -> list[Section]:
    """What is due today for a person and for the absent colleagues they stand in for.

    Only what the person may see; empty sections are left out.
    """
    today = timezone.localdate(now)
    owners = [person.pk, *stands_in_for(person)]
    cases = Case.objects.visible_to(person).filter(owner__in=owners, state=Case.State.OPEN)
    by_date = cases.select_related("owner").order_by("reply_by", "pk")
    parts: list[tuple[str, QuerySet]] = [
        (_("Escalated to you"), _escalated(person, owners)),
        (_("Overdue"), by_date.filter(reply_by__lt=today)),
        (_("Due today"), by_date.filter(reply_by=today)),
        (_("New"), by_date.filter(read_at__isnull=True)),
        (_("Waiting time is over"), by_date.filter(pk__in=_waits_over(today))),
        (_("Follow-ups"), _follow_ups(person, owners, today)),
        (_("Milestones due"), _milestones(person, owners, today)),
    ]
    return [section for section in _filled(parts) if section.count]


def _escalated(person: User, owners: list[int]) -> QuerySet:
    told = escalating.told_to(person, owners).select_related("owner")
    return told.order_by("reply_by", "pk")


def _filled(parts: list[tuple[str, QuerySet]]) -> Iterator[Section]:
    for title, rows in parts:
        first = list(rows[: LONGEST + 1])
        count = len(first) if len(first) <= LONGEST else rows.count()
        yield Section(title, first[:LONGEST], count)


def _waits_over(today: date) -> QuerySet:
    """Cases taken up since the last opening: their own notice goes out today or just went."""
    midnight = timezone.make_aware(datetime.combine(today, time()))
    fresh = Q(sent_at__isnull=True, skipped_at__isnull=True) | Q(sent_at__gte=midnight)
    return Reminder.objects.filter(fresh, kind=Reminder.Kind.WAIT_OVER).values("case")


def _follow_ups(person: User, owners: list[int], today: date) -> QuerySet:
    due = FollowUp.objects.visible_to(person).due(today).filter(assignee__in=owners)
    return due.with_matters().order_by("due_on", "pk")


def _milestones(person: User, owners: list[int], today: date) -> QuerySet:
    projects = Project.objects.visible_to(person).filter(lead__in=owners)
    awake = projects.exclude(phase__in=ASLEEP_PHASES)
    due = Milestone.objects.due(today).filter(project__in=awake)
    return due.select_related("project__lead").order_by("planned_on", "pk")
