"""Ideas and the projects that grew from them."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from actors.models import Actor
from projects.models import (
    FieldOfAction,
    Idea,
    IdeaFollower,
    Milestone,
    Participant,
    ProgressNote,
    Project,
)
from zentrum.accounts.roles import Role
from zentrum.local.demo.actors import STREETS
from zentrum.local.demo.ideas import IDEAS
from zentrum.local.demo.office import Office
from zentrum.local.demo.projects import PROJECTS

FIELDS_OF_ACTION = [  # as the migration enters them; a town may have emptied the list
    "Funktionsvielfalt und Versorgungssicherheit",
    "Soziale Kohäsion",
    "Aufwertung des öffentlichen Raumes",
    "Stadtbaukultur",
    "Stadtverträgliche Mobilität",
    "Partnerschaftliche Zusammenarbeit",
]
PUBLIC_STATES = {"project_started", "accepted", "in_consultation", "parked", "declined", "settled"}


def build_ideas(office: Office) -> list[Idea]:
    fields = _fields_of_action()
    numbers: Counter[int] = Counter()
    ideas: dict[str, Idea] = {}
    for number, (title, text, street, state, reason) in enumerate(IDEAS):
        day = office.working_day(-round(525 * (1 - number / (len(IDEAS) - 1)) ** 1.6) - 1)
        numbers[day.year] += 1
        position = STREETS.get(street)
        confirmed = _moment(day, 12)
        is_public = state in PUBLIC_STATES
        idea = Idea.objects.create(
            reference=f"I-{day.year}-{numbers[day.year]:04d}",
            title=title,
            text=text,
            public_text=text if is_public else "",
            place=street,
            latitude=position and round(position[0] + 0.0002, 6),
            longitude=position and round(position[1] + 0.0004, 6),
            centre=office.centres[street == "Bahnhofstraße"],
            carrier=office.carrier,
            field_of_action=fields[number % len(fields)],
            state=state,
            reason=reason,
            merged_into=ideas["Lesebänke vor der Bibliothek"] if state == "merged" else None,
            received_on=day,
            author_confirmed_at=confirmed,
            released_at=confirmed + timedelta(days=1) if is_public else None,
            decided_at=confirmed + timedelta(days=20) if reason or is_public else None,
        )
        IdeaFollower.objects.create(
            idea=idea,
            email=f"idee{number}@birkenfurt.example",
            is_author=True,
            token=f"demo-{number:035d}",
        )
        ideas[title] = idea
    return list(ideas.values())


def build_projects(office: Office, ideas: list[Idea], businesses: list[Actor]) -> list[Project]:
    by_title = {idea.title: idea for idea in ideas}
    fields = _fields_of_action()
    numbers: Counter[int] = Counter()
    projects = []
    rows = sorted(PROJECTS, key=lambda row: row[7][0][1])
    for number, (title, summary, field, phase, light, sentence, origins, milestones) in enumerate(
        rows
    ):
        starts_on = office.working_day(milestones[0][1] - 30)
        numbers[starts_on.year] += 1
        project = Project.objects.create(
            reference=f"P-{starts_on.year}-{numbers[starts_on.year]:04d}",
            title=title,
            summary=summary,
            field_of_action=fields[field - 1],
            phase=phase,
            phase_reason=sentence if phase in ("paused", "cancelled") else "",
            light=light,
            light_sentence=sentence,
            lead=office.staff[(Role.MANAGER, Role.DEPUTY)[number % 2]],
            centre=office.centres["Bahnhof" in title],
            carrier=office.carrier,
            place=by_title[origins[0]].place if origins else "",
            latitude=by_title[origins[0]].latitude if origins else None,
            longitude=by_title[origins[0]].longitude if origins else None,
            starts_on=starts_on,
            ends_on=office.working_day(max(0, milestones[-1][1]) + 60),
            is_public=phase != "preparation",
        )
        project.origins.set(by_title[title] for title in origins)
        _add_steps(office, project, milestones)
        for actor in businesses[number * 3 : number * 3 + 2]:
            Participant.objects.create(project=project, actor=actor)
        projects.append(project)
    return projects


def _fields_of_action() -> list[FieldOfAction]:
    return [
        FieldOfAction.objects.get_or_create(name=name, defaults={"position": position})[0]
        for position, name in enumerate(FIELDS_OF_ACTION, 1)
    ]


def _add_steps(office: Office, project: Project, milestones: list[tuple]) -> None:
    for title, planned, reached in milestones:
        reached_on = None if reached is None else office.working_day(reached)
        Milestone.objects.create(
            project=project,
            title=title,
            planned_on=office.working_day(planned),
            reached_on=reached_on,
        )
        if reached_on:
            note = ProgressNote.objects.create(
                project=project, author=project.lead, text=f"{title}: erledigt."
            )
            ProgressNote.objects.filter(pk=note.pk).update(created_at=_moment(reached_on, 15))


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
