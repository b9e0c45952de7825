"""What became of the promises: own periods, one moved with its reason, one escalated; follow-ups.

The deputy works part-time and wants a mail for each reminder, but none in the evening.
"""

from datetime import time, timedelta
from typing import Any

from actors.models import Actor
from contacts.cases.escalating import set_steps
from contacts.models import Case, FollowUp, Message, ReminderSettings, ReplyPeriod
from projects.models import Project
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

REASON = "Der Bauhof kann den Schaden erst nächste Woche ansehen."
REPLY_PERIODS = {Case.Kind.ENQUIRY: 3, Case.Kind.COMPLAINT: 5}
PLANNED: list[
    tuple[str, str, int, str, str]
] = [  # about what, for whom, in how many working days, what, how often
    ("case", Role.MANAGER, 0, "Beim Bauhof nachfragen", ""),
    ("actor", Role.DEPUTY, 2, "Nach dem Mietvertrag fragen", ""),
    ("idea", Role.MANAGER, 4, "Kostenschätzung einholen", ""),
    ("project", Role.MANAGER, 1, "Mittelabruf vorbereiten", FollowUp.Repeat.QUARTERLY),
    ("actor", Role.DESK, 5, "Öffnungszeiten prüfen", FollowUp.Repeat.MONTHLY),
]


def build_promises(
    office: Office, cases: list[Case], projects: list[Project], businesses: list[Actor]
) -> None:
    for kind, days in REPLY_PERIODS.items():
        ReplyPeriod.objects.create(kind=kind, days=days)
    open_ones = [case for case in cases if case.state == Case.State.OPEN]
    _move(office, open_ones[0])
    _break(office, open_ones[1])
    set_steps(office.today)
    matters = {
        "case": open_ones[0],
        "actor": businesses[0],
        "idea": next(case.idea for case in reversed(cases) if case.idea),
        "project": projects[0],
    }
    for row in PLANNED:
        _plan(office, matters[row[0]], *row)
    ReminderSettings.objects.create(
        user=office.staff[Role.DEPUTY],
        digest_days=[0, 1, 3],
        wants_single=True,
        quiet_from=time(16),
        quiet_to=time(9, 30),
    )


def _move(office: Office, case: Case) -> None:
    """The date was moved, with a reason that the sender reads."""
    before, case.reply_by = case.reply_by, office.working_day(3)
    case.save()
    text = f"{before:%d.%m.%Y} → {case.reply_by:%d.%m.%Y}\n{REASON}"
    event = Message.Event.PROMISED
    kind = Message.Kind.EVENT
    row = Message.objects.create(case=case, kind=kind, event=event, author=case.owner, text=text)
    at = case.received_at + timedelta(minutes=5)
    Message.objects.filter(pk=row.pk).update(created_at=at, updated_at=at)


def _break(office: Office, case: Case) -> None:
    """The day was over a week ago, and nobody has answered yet."""
    case.owner = office.staff[Role.DESK]
    case.promised_on = case.promise_ends_on = case.reply_by = office.working_day(-8)
    case.save()


def _plan(office: Office, matter: Any, name: str, *planned: Any) -> None:
    role, days, text, repeat = planned
    day = office.calendar.add_working_days(office.today, days)
    FollowUp.objects.create(
        **{name: matter},
        centre=matter.centre,
        carrier=office.carrier,
        assignee=office.staff[role],
        created_by=office.staff[Role.MANAGER],
        due_on=day,
        begins_on=day,
        text=text,
        repeat=repeat,
    )
