"""One search over everything that the office keeps, each part as far as the person may see it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Prefetch
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from actors.premises.models import Occupancy, Unit
from contacts.cases.models import Case
from contacts.consultations.models import Consultation
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.common.text import normalise
from zentrum.portal import passages, reading, typos

if TYPE_CHECKING:
    from zentrum.accounts.models import User

SHOWN = 8
LOOKED_AT = 30  # rows of a kind that may be meant by a mistyped word
SHORTEST = 3  # letters of a word; the index knows nothing shorter
REFERENCE = re.compile(
    r"(?P<kind>[VIP])[- ]?(?P<year>\d{4})[- ]?(?P<number>\d{1,6})\Z", re.IGNORECASE
)
Texts = Callable[[list[Any], str, "User"], dict[int, list[str]]]


@dataclass(frozen=True)
class Part:
    """A kind of thing that can be found, and where all of its hits are listed.

    `short` are columns that everybody may read who sees the row; `texts` reads, for all hits at
    once, what stands in them beside the title.
    """

    title: str | Promise
    permission: str
    list_name: str
    rows: Any  # a QuerySet with `visible_to` and `matching`
    short: tuple[str, ...]
    texts: Texts


@dataclass(frozen=True)
class Hit:
    row: Model
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Hits:
    title: str | Promise
    hits: list[Hit]
    more_url: str  # empty when all of them are shown

    @property
    def rows(self) -> list[Model]:
        return [hit.row for hit in self.hits]


@dataclass(frozen=True)
class Found:
    """What was found as it was typed, or else, with `is_guess`, what is spelled much like it."""

    parts: list[Hits]
    is_guess: bool = False


def parts() -> tuple[Part, ...]:
    shops = Prefetch("occupancies", Occupancy.objects.select_related("actor"))
    return (
        Part(
            _("Cases"),
            "contacts.view_case",
            "contacts:case_list",
            Case.objects.select_related("owner").defer("search_text").order_by("-pk"),
            ("subject", "sender_name", "place"),
            reading.of_cases,
        ),
        Part(
            _("Other offices"),
            "contacts.view_case",
            "",
            Consultation.objects.select_related("case").defer("draft").order_by("-pk"),
            ("name", "subject"),
            reading.of_consultations,
        ),
        Part(
            _("Actors"),
            "actors.view_actor",
            "actors:actor_list",
            Actor.objects.active().defer("search_text").order_by("sort_text", "pk"),
            ("name", "given_name"),
            reading.of_actors,
        ),
        Part(
            _("Premises"),
            "actors.view_unit",
            "actors:unit_list",
            Unit.objects.active().prefetch_related(shops).order_by("sort_text", "pk"),
            ("street", "number", "label"),
            reading.of_units,
        ),
        Part(
            _("Ideas"),
            "projects.view_idea",
            "projects:idea_list",
            Idea.objects.defer("search_text", "likeness", "public_likeness").order_by("-pk"),
            ("title", "place"),
            reading.of_ideas,
        ),
        Part(
            _("Projects"),
            "projects.view_project",
            "projects:project_list",
            Project.objects.defer("search_text", "likeness").order_by("-pk"),
            ("title", "place"),
            reading.of_projects,
        ),
    )


def is_long_enough(words: str) -> bool:
    return any(len(word) >= SHORTEST for word in normalise(words).split())


def search(words: str, user: "User") -> Found:
    """The first hits of each kind that the user may see; kinds without a hit are left out.

    Only when nothing is found at all, words that are spelled alike count too.
    """
    seen = [part for part in parts() if user.has_perm(part.permission)]
    exact = [_exact(part, user, words) for part in seen]
    if found := [hits for hits in exact if hits.hits]:
        return Found(found)
    guessed = [_guessed(part, user, words) for part in seen]
    return Found([hits for hits in guessed if hits.hits], is_guess=True)


def _found(part: Part, user: "User", words: str) -> list[Any]:
    """Of an idea's texts only those that the person may read are searched."""
    rows = part.rows.visible_to(user)
    found = rows.found_by(user, words) if rows.model is Idea else rows.matching(words)
    return list(found[: SHOWN + 1])


def _guessed(part: Part, user: "User", words: str) -> Hits:
    """The most alike rows, loaded with their relations, that show a word much like a searched one.

    Trigrams alone would also bring words that share little but their letters.
    """
    visible = part.rows.visible_to(user)
    keys = list(typos.alike(visible, words, part.short).values_list("pk", flat=True)[:LOOKED_AT])
    rows = part.rows.in_bulk(keys) if keys else {}
    hits = _read(part, [rows[key] for key in keys if key in rows], user, words, typo=True)
    alike = [hit for hit in hits if "<mark>" in hit.title + hit.passage]
    return Hits(part.title, alike[:SHOWN], "")


def _exact(part: Part, user: "User", words: str) -> Hits:
    rows = _found(part, user, words)
    return Hits(part.title, _read(part, rows[:SHOWN], user, words), _more(part, rows, words))


def _read(
    part: Part, rows: list[Any], user: "User", words: str, *, typo: bool = False
) -> list[Hit]:
    texts = part.texts(rows, words, user) if rows else {}
    return [
        Hit(
            row,
            passages.marked(reading.title_of(row), words, typo=typo),
            passages.passage(texts.get(row.pk, ()), words, typo=typo),
        )
        for row in rows
    ]


def _more(part: Part, rows: list[Any], words: str) -> str:
    if len(rows) <= SHOWN or not part.list_name:
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
