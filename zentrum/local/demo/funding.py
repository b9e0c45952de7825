"""The demo town's programme: what the council resolved, its goals, and which projects serve them."""

from datetime import date

import pghistory

from projects.models import FieldOfAction, Goal, Idea, Programme, Project
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
    return programme
