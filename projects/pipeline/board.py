"""Projects by phase: the columns of the board, each with its most worrying cards on top."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Value, When
from django.utils.functional import Promise

from projects.pipeline.milestones import with_next_milestone
from projects.pipeline.models import Project, ProjectQuerySet

CARDS_SHOWN = 10
WORRY = Case(*(When(light=light, then=Value(n)) for n, light in enumerate(("red", "yellow"))))


@dataclass(frozen=True)
class Column:
    phase: str
    label: str | Promise
    tone: str
    count: int
    cards: list[Project]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.cards)


def columns(projects: ProjectQuerySet) -> list[Column]:
    """One column per phase, empty ones too. Three queries, however many projects there are.

    `projects` comes filtered and without an order. Which cards come first in each column, up to
    CARDS_SHOWN, is asked for all columns at once, and then what the cards say.
    """
    by_phase = projects.order_by().values("phase").annotate(number=Count("pk"))
    counts = dict(by_phase.values_list("phase", "number"))
    plain = projects.select_related(None).values_list("pk")
    firsts = [plain.filter(phase=phase).order_by(*_order(phase))[:CARDS_SHOWN] for phase in counts]
    first = [pk for (pk,) in firsts[0].union(*firsts[1:], all=True)] if firsts else []
    shown = with_next_milestone(projects).with_lead_gone().in_bulk(first)
    cards: dict[str, list[Project]] = {}
    for project in (shown[pk] for pk in first if pk in shown):
        cards.setdefault(project.phase, []).append(project)
    return [
        Column(
            phase, label, Project.TONES.get(phase, ""), counts.get(phase, 0), cards.get(phase, [])
        )
        for phase, label in Project.Phase.choices
    ]


def _order(phase: str) -> tuple[Any, ...]:
    """The worrying ones first. What has ended worries nobody and is found by the index alone."""
    if phase in Project.ENDED_PHASES:
        return ("-pk",)
    return (WORRY.asc(nulls_last=True), "-pk")
