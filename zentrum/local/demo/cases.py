"""The desk's cases of the last 18 months: what came, when it was answered, what came of it."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from actors.models import Actor
from contacts.cases.models import CODE_LETTERS
from contacts.models import Case, Message
from projects.models import Idea, Project
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.local.demo.joining import JOININGS, Joining, follow, join, targets_of
from zentrum.local.demo.matters import MATTERS
from zentrum.local.demo.office import Office

EIGHTEEN_MONTHS = 540  # days
ANSWER_IDEA = (
    "Vielen Dank für Ihre Idee. Wir haben sie aufgenommen und melden uns, sobald sie beraten ist."
)
STILL_OPEN = 15  # of the newest; ideas that went on were answered
Row = tuple[date, tuple[str, ...], Idea | Joining | None]  # of a matter: its words


def build_cases(
    office: Office, businesses: list[Actor], ideas: list[Idea], projects: list[Project]
) -> list[Case]:
    """One case for each idea, each matter and whoever joined, numbered in the order they came."""
    targets = targets_of(ideas, projects)
    numbers: Counter[int] = Counter()
    rows = _rows(office, ideas)
    open_from = len(rows) - STILL_OPEN
    cases = []
    for number, (day, matter, cause) in enumerate(rows):
        numbers[day.year] += 1
        reference = f"V-{day.year}-{numbers[day.year]:04d}"
        actor = businesses[number * 7 % len(businesses)]
        case = _case(office, reference, day, actor, number)
        if isinstance(cause, Joining):
            target = targets[cause.to]
            join(case, cause, target)
            is_open = not cause.answer
            _save(office, case, cause.text, cause.answer, is_open=is_open, joined=target)
            follow(case, target, token=f"demo-joined-{number:02d}")
        elif cause:
            _of_idea(case, cause)
            is_open = number >= open_from and cause.state == Idea.State.RECEIVED
            _save(office, case, cause.text, ANSWER_IDEA, is_open=is_open)
        else:
            case.kind, case.channel, case.subject = matter[:3]
            _save(office, case, *matter[3:], is_open=number >= open_from)
        cases.append(case)
    return cases


def _rows(office: Office, ideas: list[Idea]) -> list[Row]:
    rows: list[Row] = [(idea.received_on, (), idea) for idea in ideas]
    for number, words in enumerate(MATTERS):
        share = 1 - number / (len(MATTERS) - 1)  # the desk became better known: ever more came
        rows.append((office.working_day(-round((EIGHTEEN_MONTHS - 1) * share**1.7)), words, None))
    rows += [(office.working_day(-joining.days_ago), (), joining) for joining in JOININGS]
    return sorted(rows, key=lambda row: row[0])


def _case(office: Office, reference: str, day: date, actor: Actor, number: int) -> Case:
    owner_role = (Role.MANAGER, Role.DEPUTY, Role.MANAGER, Role.DESK)[number % 4]
    promised = office.calendar.add_working_days(day, 5)
    return Case(
        reference=reference,
        public_id=UUID(int=office.random.getrandbits(128), version=4),
        code="".join(office.random.choices(CODE_LETTERS, k=8)),
        centre=actor.centre,
        carrier=office.carrier,
        owner=office.staff[owner_role],
        actor=actor,
        sender_name=str(actor),
        sender_email=actor.emails.all()[0].email,
        received_at=_moment(day, office.random, latest=office.today),
        promised_on=promised,
        promise_ends_on=promised,
        reply_by=promised,
    )


def _of_idea(case: Case, idea: Idea) -> None:
    case.kind = Case.Kind.IDEA
    case.channel = Case.Channel.ONLINE
    case.subject = idea.title
    case.place = idea.place
    case.latitude, case.longitude = idea.latitude, idea.longitude
    case.email_confirmed_at = case.received_at + timedelta(minutes=9)
    case.centre = idea.centre
    if idea.state != Idea.State.RECEIVED:
        case.idea = idea


def _save(
    office: Office,
    case: Case,
    text: str,
    answer: str,
    *,
    is_open: bool,
    joined: Idea | Project | None = None,
) -> None:
    is_adopted = case.kind == Case.Kind.IDEA and not joined
    case.last_incoming_at = case.received_at
    answered_on = _answer_day(office, case)
    is_waiting = is_open and case.kind == Case.Kind.COMPLAINT
    if not is_open or is_waiting:
        case.first_answered_at = _moment(answered_on, office.random, latest=office.today)
        case.first_answered_at = max(case.first_answered_at, case.received_at + timedelta(hours=1))
        case.first_answer_days = office.calendar.working_days_between(
            timezone.localdate(case.received_at), timezone.localdate(case.first_answered_at)
        )
        case.promise_kept = timezone.localdate(case.first_answered_at) <= case.promise_ends_on
        case.last_outgoing_at = case.read_at = case.first_answered_at
    if is_waiting:
        case.state = Case.State.WAITING
        case.waiting_on = Case.WaitingOn.THIRD_PARTY
        case.waiting_since = timezone.localdate(case.first_answered_at)
        case.waiting_until = office.working_day(3)
        case.waiting_for = "Antwort des Bauhofs"
    elif case.first_answered_at:
        case.state = Case.State.CLOSED
        case.outcome = Case.Outcome.ADOPTED if is_adopted else Case.Outcome.ANSWERED
        case.closed_at = case.first_answered_at + timedelta(minutes=20)
    case.save()
    _message(case, Message.Kind.INCOMING, case.received_at, text)
    _message(case, Message.Kind.EVENT, case.received_at, event=Message.Event.RECEIVED)
    if joined:
        _message(case, Message.Kind.EVENT, case.received_at, str(joined), event="joined")
        _message(case, Message.Kind.EVENT, case.email_confirmed_at, event="confirmed")
    if case.first_answered_at:
        _message(case, Message.Kind.OUTGOING, case.first_answered_at, answer, case.owner)
    if case.closed_at:
        event = Message.Event.ADOPTED if is_adopted else Message.Event.CLOSED
        _message(case, Message.Kind.EVENT, case.closed_at, author=case.owner, event=event)


def _answer_day(office: Office, case: Case) -> date:
    """Most answers come within the promised five working days, about one in twelve later."""
    days = office.random.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 1, 7])
    day = office.calendar.add_working_days(timezone.localdate(case.received_at), days)
    return min(day, office.today)


def _moment(day: date, random: Random, *, latest: date) -> datetime:
    """A moment in the morning of that day; today: shortly after midnight, so never in the future."""
    hour, minute = (
        (0, random.randrange(1, 6))
        if day >= latest
        else (9 + random.randrange(4), random.randrange(60))
    )
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _message(
    case: Case,
    kind: str,
    at: datetime | None,
    text: str = "",
    author: User | None = None,
    event: str = "",
) -> None:
    message = Message.objects.create(case=case, kind=kind, text=text, author=author, event=event)
    Message.objects.filter(pk=message.pk).update(created_at=at, updated_at=at)
