"""Who joined a running project or a public idea instead of handing in a new one (mitmachen).

Each has confirmed the address and hears of it by mail since then.
"""

from datetime import timedelta
from typing import NamedTuple

from contacts.models import Case
from projects.models import Idea, Project


class Joining(NamedTuple):
    """`to` is the title of what is there already; without an answer the case is still open."""

    to: str
    days_ago: int
    name: str
    email: str
    subject: str
    text: str
    answer: str = ""


JOININGS = [
    Joining(
        "Zu Fuß zur Schule",
        96,
        "Elternrat der Grundschule am Anger",
        "elternrat@birkenfurt.example",
        "Lotsen an der Schulstraße",
        "Wir können morgens zwei Eltern an die Kreuzung stellen. Am liebsten im Rahmen Ihres Projekts.",
        "Sehr gern, so etwas fehlt uns noch. Die Warnwesten liegen ab Montag für Sie bereit.",
    ),
    Joining(
        "Barrierefreier Marktplatz",
        71,
        "Hannelore Kiesewetter",
        "kiesewetter@birkenfurt.example",
        "Glatter Weg auch bis zur Apotheke",
        "Mein Mann sitzt im Rollstuhl. Vor der Apotheke ist das Pflaster am schlimmsten, bitte denken Sie dort weiter.",
        "Das Planungsbüro nimmt die Strecke in den Entwurf auf. Wir zeigen ihn Ihnen, bevor er ausliegt.",
    ),
    Joining(
        "Trinkbrunnen am Markt",
        52,
        "Ruth Wiesental",
        "wiesental@birkenfurt.example",
        "Eine Stufe für Kinder am Brunnen",
        "Unsere Enkel kommen an solche Brunnen nie heran. Geht eine Stufe oder ein zweiter, tieferer Strahl?",
        "Der Brunnen bekommt einen zweiten Auslauf in 70 Zentimetern Höhe. Danke, das war noch offen.",
    ),
    Joining(
        "Barrierefreier Marktplatz",
        23,
        "Familie Aksoy",
        "aksoy@birkenfurt.example",
        "Mit dem Zwillingswagen zum Rathaus",
        "Wir haben am Marktstand davon gehört. Vom Bus zum Rathaus müssen wir den Wagen tragen.",
        "Genau dort beginnt der glatte Weg. Wenn der Entwurf ausliegt, schreiben wir Ihnen.",
    ),
    Joining(
        "Zu Fuß zur Schule",
        6,
        "Murat Çelik",
        "celik@birkenfurt.example",
        "Gelbe Füße auch in der Mühlgasse",
        "Unsere Tochter geht durch die Mühlgasse. Dort hören die gelben Füße auf.",
        "Die Gasse ist am Freitag an der Reihe. Die Farbe war ausgegangen.",
    ),
    Joining(
        "Feierabendmarkt einmal im Monat",
        2,
        "Hofkäserei Brandt",
        "hofkaeserei@birkenfurt.example",
        "Käse und Brot für einen Abendmarkt",
        "Am Abend hätten wir Zeit für einen Stand. Bitte sagen Sie uns, wann es losgeht.",
    ),
]


def targets_of(ideas: list[Idea], projects: list[Project]) -> dict[str, Idea | Project]:
    rows: list[Idea | Project] = [*ideas, *projects]
    return {row.title: row for row in rows}


def join(case: Case, joining: Joining, target: Idea | Project) -> None:
    """The case of somebody who chose this instead of a new idea, before it is saved."""
    case.kind, case.channel = Case.Kind.IDEA, Case.Channel.ONLINE
    case.subject = joining.subject
    case.actor = None
    case.sender_name, case.sender_email = joining.name, joining.email
    case.centre = target.centre
    case.email_confirmed_at = case.received_at + timedelta(minutes=9)
    if isinstance(target, Idea):
        case.idea = target
    else:
        case.project = target


def follow(case: Case, target: Idea | Project, *, token: str) -> None:
    """They follow it from the moment in which they confirmed their address."""
    at = case.email_confirmed_at
    begun = target.followers.create(name=case.sender_name, email=case.sender_email, token=token)
    target.followers.filter(pk=begun.pk).update(created_at=at, updated_at=at)
