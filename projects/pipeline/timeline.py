"""The plan of a project as a picture: each step a bar or a mark on a line of days, with today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from projects.pipeline.models import Project
from projects.pipeline.planning import Step

MARGIN = 0.03  # of the whole time, at both ends
MONTHS_AT_MOST, QUARTERS_AT_MOST = 9, 30  # months that are named one by one, or by quarters


@dataclass(frozen=True)
class Bar:
    """One step. Places and lengths as SVG takes them, in per cent of the width."""

    step: Step
    begin: str
    length: str
    planned: str
    expected: str
    late_length: str

    @property
    def is_late(self) -> bool:
        return self.step.delay > 0


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    ticks: list[tuple[str, str]]  # place and name
    today: str  # its place; empty when it lies outside


@dataclass(frozen=True)
class Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day in per cent of the width."""
        whole = max(1, (self.last - self.first).days)
        share = (day - self.first).days / whole
        return (MARGIN + share * (1 - 2 * MARGIN)) * 100


def draw(project: Project, steps: list[Step]) -> Timeline | None:
    """The picture of the steps; None when there are none."""
    if not steps:
        return None
    today = timezone.localdate()
    days = [project.starts_on, *([project.ends_on] if project.ends_on else [])]
    for step in steps:
        days += [step.milestone.first_day, step.milestone.planned_on, step.expected_on]
    scale = Scale(min(days), max(days))
    is_inside = scale.first <= today <= scale.last
    return Timeline(
        bars=[_bar(step, scale) for step in steps],
        ticks=[(_percent(scale.at(day)), name) for day, name in _ticks(scale)],
        today=_percent(scale.at(today)) if is_inside else "",
    )


def _bar(step: Step, scale: Scale) -> Bar:
    begin, planned = scale.at(step.milestone.first_day), scale.at(step.milestone.planned_on)
    expected = scale.at(step.expected_on)
    return Bar(
        step,
        begin=_percent(begin),
        length=_percent(planned - begin),
        planned=_percent(planned),
        expected=_percent(expected),
        late_length=_percent(max(0, expected - planned)),
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"  # never with the comma of a language


def _ticks(scale: Scale) -> Iterator[tuple[date, str]]:
    """The first days of months, quarters or years between the first and the last day."""
    months = (scale.last - scale.first).days // 30
    every = 1 if months <= MONTHS_AT_MOST else 3 if months <= QUARTERS_AT_MOST else 12
    day = scale.first.replace(day=1)
    while day <= scale.last:
        if day >= scale.first and (day.month - 1) % every == 0:
            yield day, str(day.year) if every == 12 else date_format(day, "M y")
        day = (day + timedelta(days=32)).replace(day=1)
