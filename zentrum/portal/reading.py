"""What stands in a found row beside its title, as far as the person may read it.

Each function reads the texts of all hits at once, by primary key, the most telling one first.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Q, prefetch_related_objects

from actors.directory.models import Actor
from actors.premises.models import Unit
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.consultations.models import Consultation
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.accounts.roles import OFFICE
from zentrum.common.text import normalise

if TYPE_CHECKING:
    from zentrum.accounts.models import User

Texts = dict[int, list[str]]


def title_of(row: Any) -> str:
    if isinstance(row, Case):
        return row.subject
    if isinstance(row, Consultation):
        return f"{row.name}: {row.subject}"
    return row.title if isinstance(row, Idea | Project) else str(row)


def of_cases(cases: list[Case], words: str, _user: "User") -> Texts:
    """Sender and place, then the newest message that holds one of the words. One query."""
    said = {message.case_id: message.text for message in _messages(cases, words)}
    return {
        case.pk: [
            *(case.sender_name, case.sender_email, case.sender_phone, case.place),
            said.get(case.pk, ""),
        ]
        for case in cases
    }


def _messages(cases: list[Case], words: str) -> Any:
    wanted = Q(*(Q(search_text__contains=w) for w in normalise(words).split()), _connector=Q.OR)
    said = Message.objects.filter(wanted, case__in=[case.pk for case in cases])
    return said.only("case", "text").order_by("case_id", "-pk").distinct("case_id")


def of_consultations(rows: list[Consultation], _words: str, _user: "User") -> Texts:
    return {row.pk: [row.case.subject] for row in rows}


def of_actors(actors: list[Actor], _words: str, _user: "User") -> Texts:
    prefetch_related_objects(actors, "addresses")
    return {
        actor.pk: [
            actor.description,
            *(str(address) for address in actor.addresses.all()),
            actor.website,
        ]
        for actor in actors
    }


def of_units(units: list[Unit], _words: str, _user: "User") -> Texts:
    return {
        unit.pk: [f"{row.actor or ''} {row.shown_name}".strip() for row in unit.occupancies.all()]
        for unit in units
    }


def of_ideas(ideas: list[Idea], _words: str, user: "User") -> Texts:
    """The author's own words only for the office whose idea it is."""
    return {
        idea.pk: [idea.public_text, idea.place, *([idea.text] if _is_own(idea, user) else [])]
        for idea in ideas
    }


def _is_own(idea: Idea, user: "User") -> bool:
    return any(mandate.covers(idea, OFFICE) for mandate in user.current_mandates)


def of_projects(projects: list[Project], _words: str, _user: "User") -> Texts:
    return {project.pk: [project.summary, project.place] for project in projects}
