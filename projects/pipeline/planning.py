"""When the steps of a project will be reached, pushed on by what is late before them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from projects.pipeline.dependencies import Dependency
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project

Before = Mapping[int, Iterable[int]]  # which steps each step waits for, by primary key


@dataclass(frozen=True)
class Step:
    """A milestone or task with the day it will be reached as things stand today."""

    milestone: Milestone
    begins_on: date
    expected_on: date
    after: list[Milestone] = field(default_factory=list)
    cause: Milestone | None = None  # the step before it that holds it up

    @property
    def delay(self) -> int:
        """Days after the planned one; 0 when it is in time or early."""
        return max(0, (self.expected_on - self.milestone.planned_on).days)

    @property
    def is_held_up(self) -> bool:
        return self.milestone.reached_on is None and self.delay > 0


def steps_of(project: Project) -> list[Step]:
    """The plan of a project in the order of the planned days. One query."""
    earlier = Dependency.objects.filter(later=OuterRef("pk")).order_by("pk").values("earlier")
    milestones = project.milestones.annotate(earlier_ids=ArraySubquery(earlier))
    found = list(milestones.select_related("person", "actor"))
    return plan(found, {step.pk: step.earlier_ids for step in found}, timezone.localdate())


def plan(milestones: Iterable[Milestone], before: Before, today: date) -> list[Step]:
    """What is reached has its day. All else comes not before today, not before it is planned, and
    not before the steps it waits for; a task then takes as many days as planned.
    """
    by_pk = {milestone.pk: milestone for milestone in milestones}
    steps: dict[int, Step] = {}
    for pk in _in_order(by_pk, before):
        earlier = [steps[other] for other in before.get(pk, ()) if other in steps]
        steps[pk] = _expect(by_pk[pk], earlier, today)
    return [steps[pk] for pk in by_pk]


def _expect(milestone: Milestone, earlier: list[Step], today: date) -> Step:
    after = [step.milestone for step in earlier]
    last = max(earlier, key=lambda step: step.expected_on, default=None)
    held_up = last if last and last.expected_on > milestone.first_day else None
    if milestone.reached_on:
        begins_on = min(milestone.first_day, milestone.reached_on)
        return Step(milestone, begins_on, milestone.reached_on, after)
    begins_on = held_up.expected_on if held_up else milestone.first_day
    ends_on = begins_on + (milestone.planned_on - milestone.first_day)
    return Step(
        milestone, begins_on, max(ends_on, today), after, held_up.milestone if held_up else None
    )


def _in_order(keys: Iterable[int], before: Before) -> Iterator[int]:
    """Each step after those it waits for. Without recursion: a chain may be long."""
    done: set[int] = set()
    for key in keys:
        stack = [key]
        while stack:
            waiting = [other for other in before.get(stack[-1], ()) if other not in done]
            waiting = [other for other in waiting if other not in stack]
            if waiting:
                stack.append(waiting[0])
            elif (ready := stack.pop()) not in done:
                done.add(ready)
                yield ready


def leads_back(start: int, earlier: Iterable[int], before: Before) -> int | None:
    """Which of the `earlier` steps waits for `start` itself, directly or through others."""
    for first in earlier:
        seen, stack = {first}, [first]
        while stack:
            if (key := stack.pop()) == start:
                return first
            new = set(before.get(key, ())) - seen
            seen |= new
            stack += new
    return None


def finding_numbers(steps: Iterable[Step]) -> tuple[int, Step | None]:
    """How many steps are reached, and the open one that is furthest behind its plan."""
    steps = list(steps)
    late = max((s for s in steps if s.is_held_up), key=lambda step: step.delay, default=None)
    return sum(1 for step in steps if step.milestone.reached_on), late
