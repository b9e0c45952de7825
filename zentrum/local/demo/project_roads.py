"""The projects that grew from the ideas: phases, steps, site notices, documents."""

from collections import Counter
from datetime import datetime
from typing import Any

import pghistory

from actors.models import Actor
from projects.models import (
    Dependency,
    Document,
    FieldOfAction,
    Idea,
    Milestone,
    Participant,
    ProgressNote,
    Project,
    SiteNotice,
    SiteNoticeRecipient,
)
from projects.notices import telling
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.files.services import store_made
from zentrum.local.demo.actors import STREETS
from zentrum.local.demo.history import at_hour, take_step
from zentrum.local.demo.idea_roads import FIELDS_OF_ACTION
from zentrum.local.demo.office import Office
from zentrum.local.demo.projects import PHASE_WORDS, PROJECTS
from zentrum.office import areas

SMALL = {
    "Lesebänke",
    "Langer Donnerstag",
    "Schaufenstergalerie Torgasse",
    "Birkenfurter Sterne",
    "Sommerabende am Anger",
    "Zu Fuß zur Schule",
    "Stadtteilladen",
    "Seilbahn zur Birkenhöhe",
}
TASKS = {  # how many days they take
    "Umfrage unter den Geschäften": 20,
    "80 Sterne fertig": 40,
    "Begehung aller Straßen": 14,
    "Markierung": 5,
    "Montage": 12,
    "Vergabe": 45,
    "Baubeginn": 15,
}
SITES = {"Trinkbrunnen am Markt": "Marktplatz"}
NOTICES = [  # title, text, first and last day, whether the neighbours know of it
    ("Wasseranschluss am Markt", "Der Gehweg ist halbseitig gesperrt.", -3, 9, True),
    ("Pflasterarbeiten am Brunnen", "Tagsüber ist es laut.", 15, 22, False),
]
HINT = "Alle Läden bleiben erreichbar. Bitte legen Sie Lieferungen auf die Zeit vor 10 Uhr."
DOCUMENTS = {  # and whether everybody may read them
    "Trinkbrunnen am Markt": {"Lageplan": True, "Angebot der Firma": False},
    "Radabstellanlage Bahnhof": {"Entwurf der Anlage": True, "Vermerk zur Ausschreibung": False},
    "Barrierefreier Marktplatz": {"Vorentwurf": True},
}
BY_PARTNERS = {"80 Sterne fertig", "Entwurf der Tischlerei", "Zweite Ausstellung"}
BY_DESK = {"Begehung aller Straßen", "40 Geschäfte dabei"}
BIG = ("registered", "granted", "tendering")


def build_projects(office: Office, ideas: list[Idea], businesses: list[Actor]) -> list[Project]:
    by_title = {idea.title: idea for idea in ideas}
    numbers: Counter[int] = Counter()
    projects = []
    for number, row in enumerate(sorted(PROJECTS, key=lambda row: row[7][0][1])):
        title, _summary, _field, phase, light, sentence, origins, milestones = row
        lead = office.staff[(Role.MANAGER, Role.DEPUTY)[number % 2]]
        project = _begin(office, row, numbers, lead, by_title[origins[0]] if origins else Idea())
        project.origins.set(by_title[origin] for origin in origins)
        for origin in project.origins.all():
            at = at_hour(project.starts_on, 11)
            take_step(origin, at, by=lead, state=Idea.State.PROJECT_STARTED)
        newest = max(days for _title, _planned, days in milestones if days is not None)
        _pass_phases(office, project, phase, sentence, days=newest)
        if light != project.light:
            at = at_hour(office.working_day(-9), 16)
            take_step(project, at, by=lead, light=light, light_sentence=sentence)
        partners = businesses[number * 3 : number * 3 + 2]
        _add_steps(office, project, milestones, partners)
        _add_site_notices(office, project)
        for name, public in DOCUMENTS.get(title, {}).items():
            _add_document(project, name, is_public=public)
        for actor in partners:
            Participant.objects.create(project=project, actor=actor)
        projects.append(project)
    return projects


def _begin(office: Office, row: tuple, numbers: Counter[int], lead: User, place: Idea) -> Project:
    """The project as it was noted, at the place of its first idea; `numbers`: those given so far."""
    title, summary, field, phase, _light, _sentence, _origins, milestones = row
    starts_on = office.working_day(milestones[0][1] - 30)
    numbers[starts_on.year] += 1
    project = Project(
        reference=f"P-{starts_on.year}-{numbers[starts_on.year]:04d}",
        title=title,
        summary=summary,
        field_of_action=FieldOfAction.objects.get(name=FIELDS_OF_ACTION[field - 1]),
        lead=lead,
        centre=office.centres["Bahnhof" in title],
        carrier=office.carrier,
        place=place.place,
        latitude=place.latitude,
        longitude=place.longitude,
        starts_on=starts_on,
        ends_on=office.working_day(max(0, milestones[-1][1]) + 60),
        is_public=phase != "preparation",
    )
    with pghistory.context(user=lead.pk):
        project.save()
    return project


def _pass_phases(office: Office, project: Project, phase: str, sentence: str, *, days: int) -> None:
    """The phases up to this one, evenly from the start to the newest milestone, `days` from now.

    A project that stops does so with its light and the sentence. Small measures need no grant.
    """
    stops = phase in Project.STOPPED_PHASES
    last = Project.ROAD.index(Project.Phase.PLANNING if stops else Project.Phase(phase))
    needed = [
        step for step in Project.ROAD[1:last] if project.title not in SMALL or step not in BIG
    ]
    phases = [*needed, Project.ROAD[last], *([phase] if stops else [])]
    first = (project.starts_on - office.today).days
    days = days if stops or phase in Project.ENDED_PHASES else max(days, -50)
    for number, step in enumerate(phases, 1):
        day = office.working_day(first + (days - first) * number // len(phases))
        changes: dict[str, Any] = {"phase": step, "phase_reason": PHASE_WORDS.get(step, "")}
        if step == phase and stops:
            light = Project.Light.RED if phase == Project.Phase.CANCELLED else Project.Light.YELLOW
            changes |= {"phase_reason": sentence, "light": light, "light_sentence": sentence}
        at = at_hour(day, 14, minute=project.pk * 11 % 60)
        take_step(project, at, by=project.lead, **changes)


def _add_steps(
    office: Office, project: Project, milestones: list[tuple], partners: list[Actor]
) -> None:
    """Each step after the one before; an actor or the desk answers for a few of them."""
    before = None
    for title, planned, reached in milestones:
        reached_on = None if reached is None else office.working_day(reached)
        takes = TASKS.get(title)
        step = Milestone.objects.create(
            project=project,
            title=title,
            starts_on=office.working_day(planned - takes) if takes else None,
            planned_on=office.working_day(planned),
            reached_on=reached_on,
            actor=partners[0] if title in BY_PARTNERS else None,
            person=office.staff[Role.DESK] if title in BY_DESK else None,
        )
        if before:
            Dependency.objects.create(later=step, earlier=before)
        before = step
        if reached_on:
            note = ProgressNote.objects.create(
                project=project, author=project.lead, text=f"{title}: erledigt."
            )
            at = at_hour(reached_on, 15)
            ProgressNote.objects.filter(pk=note.pk).update(created_at=at, updated_at=at)


def _add_site_notices(office: Office, project: Project) -> None:
    """One that lies ahead, of which nobody was told yet, and one that the neighbours know of."""
    street = SITES.get(project.title)
    if not street:
        return
    latitude, longitude, *_steps = STREETS[street]
    for title, text, first, last, is_told in NOTICES:
        notice = SiteNotice.objects.create(
            project=project,
            title=title,
            text=f"{text} {HINT}",
            starts_on=office.working_day(first),
            ends_on=office.working_day(last),
            contact="Bauleitung, Frau Ahrens, Telefon 05555 48 20 17",
            area=areas.around(latitude, longitude, 60),
        )
        if is_told:
            _put_in_letter_boxes(notice, at_hour(office.working_day(first - 10), 11))


def _put_in_letter_boxes(notice: SiteNotice, at: datetime) -> None:
    """Told by letters, because the demo sends no mail."""
    for one in telling.neighbours(notice):
        SiteNoticeRecipient.objects.create(notice=notice, actor=one.actor, way=telling.Way.LETTER)
    SiteNotice.objects.filter(pk=notice.pk).update(told_at=at)
    notice.recipients.update(created_at=at)


def _add_document(project: Project, title: str, *, is_public: bool) -> None:
    text = f"{title}\n{project}\n\n{project.summary}\n"
    name = f"{title.replace(' ', '-').lower()}.txt"
    file = store_made(text.encode(), name=name, content_type="text/plain", user=project.lead)
    Document.objects.create(project=project, file=file, title=title, is_public=is_public)
