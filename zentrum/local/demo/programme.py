"""Ideas and the projects that grew from them."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pghistory
from django.utils import timezone

from actors.models import Actor
from projects.ideas.supporters import person_of
from projects.models import (
    Comment,
    Dependency,
    Document,
    FieldOfAction,
    Idea,
    IdeaFollower,
    Milestone,
    Participant,
    ProgressNote,
    Project,
    SiteNotice,
    SiteNoticeRecipient,
    Supporter,
)
from projects.pipeline import telling
from zentrum.accounts.roles import Role
from zentrum.files.services import store_made
from zentrum.local.demo.actors import STREETS
from zentrum.local.demo.history import by_nobody, take_step
from zentrum.local.demo.ideas import IDEAS, STEP_WORDS
from zentrum.local.demo.office import Office
from zentrum.local.demo.projects import PHASE_WORDS, PROJECTS
from zentrum.office import areas

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
STEPS_AFTER = ((1, 10), (6, 15), (14, 11), (19, 9))  # working days after receipt, and the hour
PUBLIC_STATES = {"project_started", "accepted", "in_consultation", "parked", "declined", "settled"}


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
        decision: dict[str, Any] = {"reason": reason or STEP_WORDS[state], "merged_into": into}
        if state == "parked":
            decision |= {"returns_on": office.today, "parked_by": office.staff[Role.MANAGER]}
        _go_on(office, idea, state, decision)
        ideas[title] = idea
    _build_voices(ideas)
    build_comments(office, list(ideas.values()))
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
                confirmed_at=_moment(idea.received_on, 15),
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
            decided_at=_moment(written, 16) if is_shown else None,
            decided_by=office.staff[Role.MANAGER] if is_shown else None,
        )


def _go_on(office: Office, idea: Idea, state: str, decision: dict[str, Any]) -> None:
    """The road of an idea to its state: confirmed, released, reviewed, discussed, decided."""

    def moment(working_days: int, hour: int) -> datetime:
        day = office.calendar.add_working_days(idea.received_on, working_days)
        return _moment(day, hour, minute=idea.pk * 7 % 60)

    manager = office.staff[Role.MANAGER]
    confirmed = moment(0, 12)
    take_step(idea, confirmed, author_confirmed_at=confirmed)
    for step, (working_days, hour) in zip(ROADS[state], STEPS_AFTER, strict=False):
        at = moment(working_days, hour)
        changes: dict[str, Any] = {"state": step, "reason": STEP_WORDS[step]}
        if step == state:
            changes |= decision
        if step not in Idea.OPEN_STATES and not idea.decided_at:
            changes["decided_at"] = at
        take_step(idea, at, by=manager, **changes)
        if step == "in_review" and idea.public_text:
            released = at + timedelta(minutes=15)
            take_step(idea, released, by=manager, released_at=released)


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
        lead = office.staff[(Role.MANAGER, Role.DEPUTY)[number % 2]]
        place = by_title[origins[0]] if origins else Idea()
        project = Project(
            reference=f"P-{starts_on.year}-{numbers[starts_on.year]:04d}",
            title=title,
            summary=summary,
            field_of_action=fields[field - 1],
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
        project.origins.set(by_title[title] for title in origins)
        for origin in project.origins.all():
            at = _moment(starts_on, 11)
            take_step(origin, at, by=project.lead, state=Idea.State.PROJECT_STARTED)
        newest = max(days for _title, _planned, days in milestones if days is not None)
        _pass_phases(office, project, phase, sentence, days=newest)
        if light != project.light:
            at = _moment(office.working_day(-9), 16)
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
        at = _moment(day, 14, minute=project.pk * 11 % 60)
        take_step(project, at, by=project.lead, **changes)


def _fields_of_action() -> list[FieldOfAction]:
    return [
        FieldOfAction.objects.get_or_create(name=name, defaults={"position": position})[0]
        for position, name in enumerate(FIELDS_OF_ACTION, 1)
    ]


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
            at = _moment(reached_on, 15)
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
            _put_in_letter_boxes(notice, _moment(office.working_day(first - 10), 11))


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


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
