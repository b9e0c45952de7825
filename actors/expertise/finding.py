"""Who can help with …? Asked of fields of expertise, functions, past projects, names, sectors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.utils import formats
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actors.directory.models import MOST_WORDS, Actor, Sector
from actors.directory.relations import Relation
from actors.expertise.models import Expertise
from zentrum.accounts.models import User
from zentrum.common.text import every_word, normalise

MOST = 50  # rows of each source
STRENGTH = {"expertise": 4, "function": 3, "project": 2, "entry": 1, "sector": 1}
Found = tuple[Actor, str, str]


@dataclass
class Hit:
    """An actor who may help, with everything that speaks for it, the strongest first."""

    actor: Actor
    reasons: list[str | Promise] = field(default_factory=list)
    strength: int = 0


def who_can_help(words: str, user: User) -> list[Hit]:
    """Actors that the user may see, best first; a constant number of queries.

    Every word must occur in the same place. Only when no field of expertise has all of them, the
    fields with a similar word are taken (misspelt words).
    """
    wanted = " ".join(normalise(words).split()[:MOST_WORDS])
    if not wanted:
        return []
    hits: dict[int, Hit] = {}
    for actor, source, reason in _all(wanted, user):
        hit = hits.setdefault(actor.pk, Hit(actor))
        hit.reasons.append(reason)
        hit.strength += STRENGTH[source]
    return sorted(hits.values(), key=lambda hit: (-hit.strength, hit.actor.sort_text, hit.actor.pk))


def _all(words: str, user: User) -> Iterator[Found]:
    yield from _by_expertise(words, user)
    yield from _by_function(words, user)
    yield from _by_project(words, user)
    yield from _by_entry(words, user)
    yield from _by_sector(words, user)


def _by_expertise(words: str, user: User) -> Iterator[Found]:
    rows = (
        Expertise.objects.visible_to(user)
        .filter(actor__archived_at__isnull=True)
        .select_related("actor", "field")
        .order_by(F("last_used_on").desc(nulls_last=True), "pk")
    )
    found = list(
        rows.filter(every_word("field__search_text", words) | every_word("search_text", words))[
            :MOST
        ]
    )
    if not found:
        found = list(rows.filter(field__search_text__trigram_word_similar=words)[:MOST])
    for row in found:
        yield row.actor, "expertise", _said(row)


def _said(row: Expertise) -> str:
    parts = [str(row.field), row.note]
    if row.last_used_on:
        day = formats.date_format(row.last_used_on, "SHORT_DATE_FORMAT")
        parts.append(_("last used %(day)s") % {"day": day})
    return " · ".join(part for part in parts if part)


def _by_function(words: str, user: User) -> Iterator[Found]:
    relations = (
        Relation.objects.visible_to(user)
        .filter(every_word("search_text", words), actor__archived_at__isnull=True)
        .select_related("actor", "other")
        .order_by("-pk")
    )
    for relation in relations[:MOST]:
        yield relation.actor, "function", f"{relation.function}, {relation.other}"


def _by_project(words: str, user: User) -> Iterator[Found]:
    """Projects lie above: they are reached from the actor's side only."""
    if not user.has_perm("projects.view_project"):
        return
    participant: Any = Actor._meta.get_field("participations").related_model
    project = participant._meta.get_field("project").related_model
    rows: QuerySet = participant.objects.filter(
        every_word("project__search_text", words),
        project__in=project.objects.visible_to(user),
        actor__in=Actor.objects.visible_to(user).active(),
    )
    for row in rows.select_related("actor", "project").order_by("-pk")[:MOST]:
        yield row.actor, "project", _("Project: %(title)s") % {"title": row.project.title}


def _by_entry(words: str, user: User) -> Iterator[Found]:
    actors = Actor.objects.visible_to(user).active().filter(every_word("search_text", words))
    for actor in actors.order_by("sort_text", "pk")[:MOST]:
        text = Truncator(actor.description or str(actor)).chars(100)
        yield actor, "entry", _("Entry in the directory: %(text)s") % {"text": text}


def _by_sector(words: str, user: User) -> Iterator[Found]:
    sectors = [
        sector
        for sector in Sector.objects.all()
        if all(word in normalise(sector.name) for word in words.split())
    ]
    if not sectors:
        return
    actors = Actor.objects.visible_to(user).active().filter(sectors__in=sectors).distinct()
    names = ", ".join(str(sector) for sector in sectors)
    for actor in actors.order_by("sort_text", "pk")[:MOST]:
        yield actor, "sector", _("Sector: %(name)s") % {"name": names}
