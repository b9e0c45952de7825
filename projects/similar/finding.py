"""Did we have that before? Ideas and projects of a centre that are about the same.

PostgreSQL picks those that share words, by index; which of them are similar is decided on their
words. Five queries, whatever is looked for and however many ideas there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Left

from projects.ideas.models import Idea, IdeaQuerySet
from projects.ideas.spelling import LOOKED_AT
from projects.pipeline.models import Project, ProjectQuerySet
from projects.similar import meanings
from projects.similar.matching import SIMILAR, Comparison, Text, distance
from projects.similar.meanings import heads
from projects.similar.words import stems
from zentrum.office.models import Centre

MOST = 5
LOOKED = 60  # rows of a kind whose words are compared
MOST_FURTHER = 4  # words of the text that are looked for in titles
SHORTEST_COMPOUND = 6  # letters
WEIGHTS = [0.1, 0.1, 0.1, 1.0]  # D (the text) to A (the title)
FIELDS = ("pk", "title", "place", "latitude", "longitude")


@dataclass(frozen=True)
class Similar:
    """An idea or a project that is about the same."""

    row: Any
    score: float
    metres: int | None

    @property
    def is_project(self) -> bool:
        return isinstance(self.row, Project)

    @property
    def why(self) -> str:
        """Why it was decided or stopped, if it was."""
        if isinstance(self.row, Project):
            return self.row.phase_reason if self.row.is_stopped else ""
        return self.row.reason if self.row.is_decided else ""


def for_staff(wanted: Text, ideas: IdeaQuerySet, projects: ProjectQuerySet) -> list[Similar]:
    """The most similar ones of these, best first; ideas are also known by their internal text."""
    return _find(wanted, ideas, projects, "text", "likeness")


def for_everybody(wanted: Text, centre: Centre) -> list[Similar]:
    """What the public may see of a centre, known by nothing but its public words."""
    ideas, projects = shown_to_everybody(centre), Project.objects.public().filter(centre=centre)
    return _find(wanted, ideas, projects, "public_text", "public_likeness")


def shown_to_everybody(centre: Centre) -> IdeaQuerySet:
    """The public ideas of a centre that go on, or were decided, under their own name."""
    ended = (Idea.State.MERGED, Idea.State.WITHDRAWN)
    return Idea.objects.public().filter(centre=centre).exclude(state__in=ended)


def text_of(row: Any) -> Text:
    """An idea or a project as something to look for."""
    position = None if row.latitude is None else (row.latitude, row.longitude)
    words = row.text if isinstance(row, Idea) else row.summary
    return Text(row.title, words, row.place, position)


def _find(
    wanted: Text, ideas: IdeaQuerySet, projects: ProjectQuerySet, text: str, column: str
) -> list[Similar]:
    words = [*wanted.words, *wanted.further]
    if not words:
        return []
    comparison = Comparison(wanted, meanings.of(words))
    scored = [
        *_scored(comparison, ideas, text, column),
        *_scored(comparison, projects, "summary", "likeness"),
    ]
    best = sorted(scored, key=lambda hit: (-hit[0], -hit[2]))[:MOST]
    rows: dict[type[Model], dict[int, Any]] = {
        model: model._default_manager.in_bulk([pk for _score, kind, pk in best if kind is model])
        for model in (Idea, Project)
    }
    return [
        Similar(row, score, _metres(wanted, row))
        for score, model, pk in best
        if (row := rows[model].get(pk))
    ]


def _scored(
    comparison: Comparison, rows: QuerySet, text: str, column: str
) -> Iterable[tuple[float, type[Model], int]]:
    """Score, kind and key of those that are similar; one query."""
    query = SearchQuery(terms(comparison), search_type="raw", config="simple")
    rank = SearchRank(F(column), query, weights=WEIGHTS)
    found = rows.filter(**{column: query}).order_by(rank.desc(), "-pk")
    begun = Left(text, LOOKED_AT)
    for pk, title, place, latitude, longitude, words in found.values_list(*FIELDS, begun)[:LOOKED]:
        position = None if latitude is None else (latitude, longitude)
        other = Text(title, place=place, position=position)
        score = comparison.score(other, stems(f"{title} {words}"))
        if score >= SIMILAR:
            yield score, rows.model, pk


def terms(comparison: Comparison) -> str:
    """What the index is asked for: a raw tsquery, of stems only.

    Titles that have a word, its compounds, its parts or its meanings; with one slip of the pen
    either the first or the second half of a word is right. Texts that have all the words.
    """
    words = comparison.telling or comparison.asked
    named = [form for word in words for form in _named(word, comparison.meanings.get(word, ()))]
    named += [f"{word}:*A" for word in comparison.telling_further[:MOST_FURTHER]]
    if len(words) > 1:
        forms = ([word, *comparison.meanings.get(word, ())] for word in words)
        every = (" | ".join(f"{form}:*" for form in several) for several in forms)
        named.append("(" + " & ".join(f"({several})" for several in every) + ")")
    return " | ".join(named)


def _named(word: str, others: Iterable[str]) -> Iterable[str]:
    for form in (word, *others):
        yield f"{form}:*A"
        yield f"{form[::-1]}:*A"
    if len(word) >= SHORTEST_COMPOUND:
        half = len(word) // 2
        yield f"{word[:half]}:*A"
        yield f"{word[half:][::-1]}:*A"
        yield from (f"{head}:A" for head in heads(word))


def _metres(wanted: Text, row: Any) -> int | None:
    if not wanted.position or row.latitude is None:
        return None
    return round(distance(wanted.position, (row.latitude, row.longitude)))
