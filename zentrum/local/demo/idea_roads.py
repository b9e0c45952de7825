"""The invented ideas on their road, with who supports and who comments on them."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from projects.ideas.supporters import person_of
from projects.models import (
    Comment,
    FieldOfAction,
    Idea,
    IdeaFollower,
    Supporter,
)
from zentrum.accounts.roles import Role
from zentrum.local.demo.actors import STREETS
from zentrum.local.demo.history import at_hour, by_nobody, take_step
from zentrum.local.demo.ideas import IDEAS, STEP_WORDS
from zentrum.local.demo.office import Office

FIELDS_OF_ACTION = [  # as the migration enters them; a town may have emptied the list
    "Funktionsvielfalt und Versorgungssicherheit",
    "Soziale Kohäsion",
    "Aufwertung des öffentlichen Raumes",
    "Stadtbaukultur",
    "Stadtverträgliche Mobilität",
    "Partnerschaftliche Zusammenarbeit",
]
ROADS = {
    "received": (),
    "in_review": ("in_review",),
    "bundled": ("in_review",),  # `bundling` does the rest
    "query": ("in_review", "query"),
    "in_consultation": ("in_review", "in_consultation"),
    "accepted": ("in_review", "in_consultation", "accepted"),
    "project_started": ("in_review", "in_consultation", "accepted"),  # the project does the rest
    "settled": ("in_review", "in_consultation", "accepted", "settled"),
    "declined": ("in_review", "in_consultation", "declined"),
    "parked": ("in_review", "parked"),
    "forwarded": ("in_review", "forwarded"),
    "merged": ("in_review", "merged"),
}
COMMENTS = (
    ("Jutta Berger", "Dafür. Bei uns im Laden fragen jede Woche Leute danach."),
    ("Rad und Tat", "Wir helfen beim Aufbau und geben Werkzeug dazu."),
    ("Emre Yildiz", "Bitte auch an den Sonntag denken: Dann ist am meisten los."),
)
SHOPS = (
    "Lindenapotheke",
    "Blumen Berger",
    "Buchhandlung Sand",
    "Café am Anger",
    "Rad und Tat",
    "Schuhhaus Kern",
)
STEPS_AFTER = ((1, 10), (6, 15), (14, 11), (19, 9))  # working days after receipt, and the hour
PUBLIC_STATES = {
    "project_started",
    "accepted",
    "in_consultation",
    "parked",
    "declined",
    "settled",
    "bundled",
}


def _fields_of_action() -> list[FieldOfAction]:
    return [
        FieldOfAction.objects.get_or_create(name=name, defaults={"position": position})[0]
        for position, name in enumerate(FIELDS_OF_ACTION, 1)
    ]


def build_ideas(office: Office) -> list[Idea]:
    fields = _fields_of_action()
    numbers: Counter[int] = Counter()
    ideas: dict[str, Idea] = {}
    for number, (title, text, street, state, reason) in enumerate(IDEAS):
        day = office.working_day(-round(525 * (1 - number / (len(IDEAS) - 1)) ** 1.6) - 1)
        numbers[day.year] += 1
        position = STREETS.get(street)
        with by_nobody():
            idea = Idea.objects.create(
                reference=f"I-{day.year}-{numbers[day.year]:04d}",
                title=title,
                text=text,
                public_text=text if state in PUBLIC_STATES else "",
                place=street,
                latitude=position and round(position[0] + 0.0002, 6),
                longitude=position and round(position[1] + 0.0004, 6),
                centre=office.centres[street == "Bahnhofstraße"],
                carrier=office.carrier,
                field_of_action=fields[number % len(fields)],
                received_on=day,
            )
        IdeaFollower.objects.create(
            idea=idea,
            email=f"idee{number}@birkenfurt.example",
            is_author=True,
            token=f"demo-{number:035d}",
        )
        into = ideas["Lesebänke vor der Bibliothek"] if state == "merged" else None
        decision: dict[str, Any] = {
            "reason": reason or STEP_WORDS.get(state, ""),
            "merged_into": into,
        }
        if state == "parked":
            decision |= {"returns_on": office.today, "parked_by": office.staff[Role.MANAGER]}
        _go_on(office, idea, state, decision)
        ideas[title] = idea
    _build_voices(ideas)
    return list(ideas.values())


def _build_voices(ideas: dict[str, Idea]) -> None:
    """Who supports the public ideas; the first ones were confirmed, the last one not yet."""
    for number, idea in enumerate(idea for idea in ideas.values() if idea.public_text):
        for voice, name in enumerate(SHOPS[: 1 + number % len(SHOPS)]):
            email = f"laden{voice}@birkenfurt.example"
            Supporter.objects.create(
                idea=idea,
                email=email,
                person=person_of(email),
                name=name,
                token=f"demo-voice-{number:02d}-{voice:02d}",
                confirmed_at=at_hour(idea.received_on, 15),
            )


def build_comments(office: Office, ideas: list[Idea]) -> None:
    """Two comments are shown, the newest one waits for the office."""
    public = [idea for idea in ideas if idea.released_at and idea.may_be_supported]
    for number, (name, text) in enumerate(COMMENTS):
        is_shown = number < len(COMMENTS) - 1
        written = office.working_day(-3 if is_shown else -1)
        Comment.objects.create(
            idea=public[-1 - number],
            key=UUID(int=number + 1),
            name=name,
            email=f"kommentar{number}@birkenfurt.example",
            text=text,
            due_on=office.calendar.add_working_days(written, 2),
            state="shown" if is_shown else "waiting",
            decided_at=at_hour(written, 16) if is_shown else None,
            decided_by=office.staff[Role.MANAGER] if is_shown else None,
        )


def _go_on(office: Office, idea: Idea, state: str, decision: dict[str, Any]) -> None:
    """The road of an idea to its state: confirmed, released, reviewed, discussed, decided."""

    def moment(working_days: int, hour: int) -> datetime:
        day = office.calendar.add_working_days(idea.received_on, working_days)
        return at_hour(day, hour, minute=idea.pk * 7 % 60)

    manager = office.staff[Role.MANAGER]
    confirmed = moment(0, 12)
    take_step(idea, confirmed, author_confirmed_at=confirmed)
    for step, (working_days, hour) in zip(ROADS[state], STEPS_AFTER, strict=False):
        at = moment(working_days, hour)
        changes: dict[str, Any] = {"state": step, "reason": STEP_WORDS.get(step, "")}
        if step == state:
            changes |= decision
        if step not in Idea.OPEN_STATES and not idea.decided_at:
            changes["decided_at"] = at
        take_step(idea, at, by=manager, **changes)
        if step == "in_review" and idea.public_text:
            released = at + timedelta(minutes=15)
            take_step(idea, released, by=manager, released_at=released)
