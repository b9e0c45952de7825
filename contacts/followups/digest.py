"""The morning digest *Heute an der Anlaufstelle*: what a person's day at the desk holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
from contacts.followups.occurrences import horizon
from contacts.followups.preferences import ReminderSettings
from contacts.followups.reminding import desk_of, digest_key, office_mandates
from projects.ideas.comments import Comment
from projects.ideas.models import Idea
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from zentrum.accounts.models import User
from zentrum.common.links import absolute
from zentrum.mail.services import draft
from zentrum.office.models import Centre, Mandate
from zentrum.office.people import deputy_of, stands_in_for
from zentrum.office.working_time import OfficeCalendar

LONGEST = 20  # lines of a section
DIGESTS_LOOKED_FOR = timedelta(weeks=2)


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
    """Send the digest, or skip it with the reason: nothing to do, away, not wanted, over."""
    today = timezone.localdate(now)
    person = reminder.owner
    mandate = next(iter(office_mandates(today, person.pk)), None)
    desk = desk_of(mandate) if mandate else None
    wishes = ReminderSettings.of(person)
    if reminder.occurs_on != today or not (mandate and desk):
        reminder.skip(_("The day is over, or the mandate has ended."), now)
    elif (deputy := deputy_of(person, today)) != person:
        reminder.skip(_("Absent: %(deputy)s gets it.") % {"deputy": deputy}, now)
    elif not wishes.has_digest_on(today):
        reminder.skip(_("%(name)s wants no digest on this day.") % {"name": person}, now)
    elif (free := wishes.free_from(calendar := OfficeCalendar.of(desk), now)) > now:
        _wait(reminder, calendar, free, now)
    elif sections := sections_for(person, now, horizon(calendar, today)):
        _send(reminder, mandate, desk, sections, now)
    else:
        reminder.skip(_("Nothing to do today."), now)


def _wait(reminder: Reminder, calendar: OfficeCalendar, free: datetime, now: datetime) -> None:
    is_closed = not calendar.is_open(now)
    if is_closed:
        reminder.hold(calendar.next_opening(now), _("The office is closed."))
    elif timezone.localdate(free) == reminder.occurs_on:
        reminder.hold(free, _("Quiet hours of %(name)s.") % {"name": reminder.owner})
    else:
        words = _("Quiet hours of %(name)s until the office closes.")
        reminder.skip(words % {"name": reminder.owner}, now)


def _send(
    reminder: Reminder, mandate: Mandate, desk: Centre, sections: list[Section], now: datetime
) -> None:
    person = reminder.owner
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


def sections_for(person: User, now: datetime, near: date | None = None) -> list[Section]:
    """What is due today for a person and for the absent colleagues they stand in for.

    `near` is the last day whose dates are announced, today if not given. Only what the person may
    see; empty sections are left out.
    """
    today = timezone.localdate(now)
    owners = [person.pk, *stands_in_for(person)]
    cases = Case.objects.visible_to(person).filter(owner__in=owners, state=Case.State.OPEN)
    by_date = cases.select_related("owner").order_by("reply_by", "pk")
    parts: list[tuple[str, QuerySet]] = [
        (_("Escalated to you"), _escalated(person, owners)),
        (_("Overdue"), by_date.filter(reply_by__lt=today)),
        (_("Due today"), by_date.filter(reply_by=today)),
        (_("Due soon"), by_date.filter(reply_by__gt=today, reply_by__lte=near or today)),
        (_("New"), by_date.filter(read_at__isnull=True)),
        (_("Waiting time is over"), by_date.filter(pk__in=_waits_over(person, today))),
        (_("Follow-ups"), _follow_ups(person, owners, today)),
        (_("Back from the pool of ideas"), _returning(person, owners, today)),
        (_("Comments to be read"), _comments(person, today)),
        (_("Milestones due"), _milestones(person, owners, today)),
        (_("Projects that nobody leads"), _leaderless(person)),
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


def _waits_over(person: User, today: date) -> QuerySet:
    """Cases taken up whose own notice goes out today, just went, or was left to the digest."""
    midnight = timezone.make_aware(datetime.combine(today, time()))
    fresh = Q(sent_at__isnull=True, skipped_at__isnull=True) | Q(sent_at__gte=midnight)
    fresh |= Q(skipped_at__gt=_last_digest(person, today) or midnight - DIGESTS_LOOKED_FOR)
    return Reminder.objects.filter(fresh, kind=Reminder.Kind.WAIT_OVER).values("case")


def _last_digest(person: User, today: date) -> datetime | None:
    """When the person got the digest of an earlier day, if that was in the last two weeks."""
    days = [today - timedelta(days=number + 1) for number in range(DIGESTS_LOOKED_FOR.days)]
    sent = Reminder.objects.filter(
        key__in=[digest_key(person.pk, day) for day in days], sent_at__isnull=False
    )
    return sent.order_by("-occurs_on").values_list("sent_at", flat=True).first()


def _follow_ups(person: User, owners: list[int], today: date) -> QuerySet:
    due = FollowUp.objects.visible_to(person).due(today).filter(assignee__in=owners)
    return due.with_matters().order_by("due_on", "pk")


def _milestones(person: User, owners: list[int], today: date) -> QuerySet:
    awake = Project.objects.visible_to(person).exclude(phase__in=ASLEEP_PHASES)
    due = Milestone.objects.due(today).owned_by(owners).filter(project__in=awake)
    return due.select_related("project__lead", "person").order_by("planned_on", "pk")


def _returning(person: User, owners: list[int], today: date) -> QuerySet:
    back = Idea.objects.visible_to(person).back(today).filter(parked_by__in=owners)
    return back.select_related("parked_by").order_by("returns_on", "pk")


def _comments(person: User, today: date) -> QuerySet:
    due = Comment.objects.waiting().moderated_by(person).filter(due_on__lte=today)
    return due.select_related("idea").order_by("due_on", "pk")


def _leaderless(person: User) -> QuerySet:
    """Projects of the desks that the person leads whose own lead has left."""
    projects = Project.objects.led_by(person).without_lead()
    return projects.select_related("lead").defer("search_text").order_by("pk")
