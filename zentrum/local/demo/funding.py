"""The demo town's programme: what the council resolved, its goals, and which projects serve them."""

from datetime import date, timedelta
from decimal import Decimal

import pghistory

from projects.ideas.developing import save_worksheet
from projects.models import FieldOfAction, Goal, Idea, Indicator, Programme, Project, Reading
from zentrum.accounts.roles import Role
from zentrum.files.services import store_made
from zentrum.local.demo.office import Office

NAME = "Lebendige Zentren: Altstadt Birkenfurt"
EXTRACT = """Stadt Birkenfurt
Auszug aus der Niederschrift der Stadtverordnetenversammlung vom 09.11.{year}

BV {year}/114: Das Fördergebiet „Altstadt Birkenfurt“ wird in den Grenzen der Anlage 1 festgelegt.
Abstimmung: 24 dafür, 3 dagegen, 1 Enthaltung.
"""
# Field of action, title, what it means, the projects that serve it.
GOALS: list[tuple[int, str, str, tuple[str, ...]]] = [
    (
        1,
        "Weniger Leerstand in der Altstadt",
        "Ladenlokale stehen höchstens ein halbes Jahr leer; Zwischennutzungen überbrücken die Zeit.",
        ("Schaufenstergalerie Torgasse", "Fassadenprogramm Lindenstraße"),
    ),
    (
        3,
        "Mehr Leben auf Markt und Anger",
        "Mehr Menschen kommen in die Mitte und bleiben länger: Schatten, Wasser, Bänke, Feste.",
        (
            "Barrierefreier Marktplatz",
            "Sonnensegel am Anger",
            "Trinkbrunnen am Markt",
            "Lesebänke",
            "Sommerabende am Anger",
            "Langer Donnerstag",
        ),
    ),
    (
        5,
        "Zu Fuß und mit dem Rad in die Mitte",
        "Wege sind sicher und ohne Stufen; Räder stehen gut.",
        ("Radabstellanlage Bahnhof", "Zu Fuß zur Schule", "Barrierefreier Marktplatz"),
    ),
    (
        6,
        "Händler und Eigentümer ziehen an einem Strang",
        "Gemeinsame Aktionen, gemeinsames Geld, ein gemeinsamer Auftritt.",
        ("Birkenfurter Sterne", "Langer Donnerstag"),
    ),
    (4, "Baukultur der Altstadt erhalten", "Was vor 1900 gebaut wurde, wird genutzt.", ()),
]

# Goal, name, unit, baseline, target, years to it, what was measured: (days ago, value, who, where).
COUNT, TRAFFIC = "Rundgang mit Zählbogen", "Zählstelle Torgasse, Monatsmittel"
INDICATORS: list[tuple[int, str, str, str, str, int, list[tuple[int, str, str, str]]]] = [
    (
        1,
        "Leer stehende Ladenlokale",
        "Ladenlokale",
        "23",
        "12",
        4,
        [
            (600, "22", "Zentrenmanagement", COUNT),
            (420, "19", "Zentrenmanagement", COUNT),
            (240, "18", "Zentrenmanagement", COUNT),
            (60, "16", "Zentrenmanagement", COUNT),
        ],
    ),
    (
        1,
        "Zwischennutzungen im Jahr",
        "Nutzungen",
        "0",
        "4",
        3,
        [
            (330, "2", "Zentrenmanagement", "Verträge im Büro"),
            (35, "5", "Zentrenmanagement", "Verträge im Büro"),
        ],
    ),
    (
        2,
        "Passantinnen und Passanten am Markt",
        "Menschen am Tag",
        "3400",
        "4500",
        5,
        [
            (520, "3280", "Wirtschaftsförderung", TRAFFIC),
            (340, "3610", "Wirtschaftsförderung", TRAFFIC),
            (150, "3905", "Wirtschaftsförderung", TRAFFIC),
            (20, "3862.5", "Wirtschaftsförderung", TRAFFIC),
        ],
    ),
    (3, "Stufenlose Eingänge", "Prozent der Läden", "31", "60", 6, []),
    (
        3,
        "Unfälle mit Fußgängern",
        "Unfälle im Jahr",
        "9",
        "4",
        6,
        [(320, "11", "Polizeiinspektion", "Jahresbericht zur Verkehrssicherheit, S. 12")],
    ),
    (
        4,
        "Mitglieder der Werbegemeinschaft",
        "Betriebe",
        "28",
        "45",
        5,
        [(400, "33", "Gewerbeverein", "Mitgliederliste"), (90, "39", "Gewerbeverein", "Beiträge")],
    ),
]


def build_programme(office: Office, projects: list[Project], ideas: list[Idea]) -> Programme:
    manager, centre = office.staff[Role.MANAGER], office.centres[0]
    year = office.today.year - 2
    with pghistory.context(user=manager.pk):
        programme = Programme.objects.create(
            centre=centre,
            name=NAME,
            resolution=f"SVV, BV {year - 1}/114",
            resolved_on=date(year - 1, 11, 9),
            starts_on=date(year, 1, 1),
            ends_on=date(year + 7, 12, 31),
            document=store_made(
                EXTRACT.format(year=year - 1).encode(),
                name=f"Auszug BV {year - 1}-114.txt",
                content_type="text/plain",
                user=manager,
            ),
        )
        by_title = {project.title: project for project in projects}
        for position, (field, title, text, served_by) in enumerate(GOALS, start=1):
            goal = Goal.objects.create(
                programme=programme,
                position=position,
                title=title,
                text=text,
                field_of_action=FieldOfAction.objects.order_by("position")[field - 1],
            )
            serving = [by_title[name] for name in served_by if name in by_title]
            goal.projects.set(row for row in serving if row.centre_id == centre.pk)
            goal.ideas.set(
                idea
                for idea in ideas
                if idea.centre_id == centre.pk
                and idea.state == Idea.State.ACCEPTED
                and idea.field_of_action == goal.field_of_action
            )
    build_indicators(office, programme)
    build_worksheets(office, ideas)
    return programme


def build_worksheets(office: Office, ideas: list[Idea]) -> None:
    """What the desk thought of the accepted ideas, in two versions each."""
    manager, deputy = office.staff[Role.MANAGER], office.staff[Role.DEPUTY]
    accepted = [idea for idea in ideas if idea.state == Idea.State.ACCEPTED]
    for idea in accepted[:3]:
        save_worksheet(
            idea,
            by=deputy,
            benefit="Mehr Menschen bleiben in der Mitte; die Läden daneben merken es zuerst.",
            aim="Ein Versuch in diesem Sommer, danach wird gezählt und entschieden.",
            partners="Werbegemeinschaft, Ordnungsamt, zwei Eigentümer in der Straße",
            effort="medium",
        )
        save_worksheet(
            idea,
            by=manager,
            cost=6500,
            risk="Ohne Sondernutzung bis März verschiebt sich alles um ein Jahr.",
            next_step="Ortstermin mit dem Ordnungsamt, danach Kostenschätzung.",
        )


def build_indicators(office: Office, programme: Programme) -> None:
    manager = office.staff[Role.MANAGER]
    for number, name, unit, baseline, target, years, readings in INDICATORS:
        start = date(office.today.year - 2, 1, 15)
        with pghistory.context(user=manager.pk):
            indicator = Indicator.objects.create(
                goal=programme.goals.get(position=number),
                name=name,
                unit=unit,
                baseline_value=Decimal(baseline),
                baseline_on=start,
                target_value=Decimal(target),
                target_on=date(start.year + years, 12, 31),
            )
            for days, value, provider, source in readings:
                Reading.objects.create(
                    indicator=indicator,
                    value=Decimal(value),
                    measured_on=office.today - timedelta(days=days),
                    provider=provider,
                    source=source,
                    by=manager,
                )
