"""One search over everything that the office keeps, each part as far as the person may see it."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases.models import Case
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.common.text import normalise

if TYPE_CHECKING:
    from zentrum.accounts.models import User

SHOWN = 8
SHORTEST = 3  # letters of a word; the index knows nothing shorter
REFERENCE = re.compile(
    r"(?P<kind>[VIP])[- ]?(?P<year>\d{4})[- ]?(?P<number>\d{1,6})\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """A kind of thing that can be found, and where all of its hits are listed."""

    title: str | Promise
    permission: str
    list_name: str
    rows: Any  # a QuerySet with `visible_to` and `matching`


@dataclass(frozen=True)
class Hits:
    title: str | Promise
    rows: list[Model]
    more_url: str  # empty when all of them are shown


def parts() -> tuple[Part, ...]:
    return (
        Part(
            _("Cases"),
            "contacts.view_case",
            "contacts:case_list",
            Case.objects.select_related("owner").defer("search_text").order_by("-pk"),
        ),
        Part(
            _("Actors"),
            "actors.view_actor",
            "actors:actor_list",
            Actor.objects.active().defer("search_text").order_by("sort_text", "pk"),
        ),
        Part(
            _("Ideas"),
            "projects.view_idea",
            "projects:idea_list",
            Idea.objects.defer("search_text", "text").order_by("-pk"),
        ),
        Part(
            _("Projects"),
            "projects.view_project",
            "projects:project_list",
            Project.objects.defer("search_text").order_by("-pk"),
        ),
    )


def is_long_enough(words: str) -> bool:
    return any(len(word) >= SHORTEST for word in normalise(words).split())


def search(words: str, user: "User") -> list[Hits]:
    """The first hits of each kind that the user may see; kinds without a hit are left out."""
    found = []
    for part in parts():
        if user.has_perm(part.permission):
            rows = list(_found(part.rows.visible_to(user), user, words)[: SHOWN + 1])
            if rows:
                found.append(Hits(part.title, rows[:SHOWN], _more(part, rows, words)))
    return found


def _found(rows: Any, user: "User", words: str) -> Any:
    """Of an idea's texts only those that the person may read are searched."""
    return rows.found_by(user, words) if rows.model is Idea else rows.matching(words)


def _more(part: Part, rows: list[Model], words: str) -> str:
    if len(rows) <= SHOWN:
        return ""
    return f"{reverse(part.list_name)}?{urlencode({'q': words})}"


def by_reference(words: str, user: "User") -> Case | Idea | Project | None:
    """The row whose reference was typed, such as `V-2026-0142` or `v 2026 142`."""
    if not (match := REFERENCE.match(words.strip())):
        return None
    kind = match["kind"].upper()
    known: dict[str, tuple[Any, str]] = {
        "V": (Case.objects, "contacts.view_case"),
        "I": (Idea.objects, "projects.view_idea"),
        "P": (Project.objects, "projects.view_project"),
    }
    rows, permission = known[kind]
    if not user.has_perm(permission):
        return None
    reference = f"{kind}-{match['year']}-{int(match['number']):04d}"
    return rows.visible_to(user).filter(reference=reference).first()
