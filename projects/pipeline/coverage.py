"""Which goals of a programme nothing serves, and which projects serve none of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.ideas.models import Idea
from projects.pipeline.models import Project, ProjectQuerySet
from projects.programme.forms import NONE_OF, without_goal
from projects.programme.indicators import IS_REACHED, Indicator
from projects.programme.programmes import Goal, Programme
from zentrum.accounts.models import User


@dataclass(frozen=True)
class Figure:
    """A number; the address shows the rows that it counts."""

    number: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """What serves a goal; without a goal: what serves none."""

    goal: Goal | None
    running: Figure
    projects: Figure
    ideas: Figure
    indicators: Figure | None = None


@dataclass(frozen=True)
class Coverage:
    goals: list[Goal]
    lines: list[Line]
    without: Line

    @property
    def uncovered(self) -> list[Goal]:
        """Goals that no running project serves."""
        return [line.goal for line in self.lines if line.goal and not line.running.number]

    @property
    def finding(self) -> str:
        if not self.goals:
            return _("The programme has no goals yet.")
        bare, astray = len(self.uncovered), self.without.running.number
        of_goals = (
            ngettext(
                "%(bare)s of %(all)s goal has no running project",
                "%(bare)s of %(all)s goals have no running project",
                bare,
            )
            % {"bare": bare, "all": len(self.goals)}
            if bare
            else _("Every goal has a running project")
        )
        of_projects = (
            ngettext(
                "%(number)s running project serves no goal",
                "%(number)s running projects serve no goal",
                astray,
            )
            % {"number": astray}
            if astray
            else _("every running project serves a goal")
        )
        return f"{of_goals}; {of_projects}."


def _projects_of(programme: Programme, user: User) -> ProjectQuerySet:
    return Project.objects.visible_to(user).filter(centre=programme.centre_id)


def cover(programme: Programme, user: User) -> Coverage:
    """Of the projects and ideas that the user sees in the programme's centre. Six queries."""
    goals = list(programme.goals.order_by("position", "pk"))
    projects, ideas = _projects_of(programme, user), Idea.objects.visible_to(user)
    serving = Project.goals.through._default_manager.filter(goal__in=goals, project__in=projects)
    of_projects = _by_goal(serving, ~Q(project__phase__in=Project.ENDED_PHASES))
    proposed = Idea.goals.through._default_manager.filter(goal__in=goals, idea__in=ideas)
    of_ideas = _by_goal(proposed)
    of_indicators = _by_goal(Indicator.objects.filter(goal__in=goals).with_latest(), IS_REACHED)
    lists = reverse("projects:project_list"), reverse("projects:idea_list")
    indicator_list = reverse("projects:indicator_list")
    lines = []
    for goal in goals:
        key = goal.pk
        figures = _figures(lists, key, *of_projects[key], of_ideas[key][0])
        measured, reached = of_indicators[key]
        note = _("%(reached)s reached") % {"reached": reached}
        indicators = Figure(measured, f"{indicator_list}?{urlencode({'goal': key})}", note)
        lines.append(Line(goal, *figures, indicators))
    bare = without_goal(projects, programme).order_by()
    running = Count("pk", filter=~Q(phase__in=Project.ENDED_PHASES))
    numbers = bare.aggregate(all=Count("pk"), running=running)
    unserving = without_goal(ideas, programme).order_by().count()
    none = f"{NONE_OF}{programme.pk}"
    rest = _figures(lists, none, numbers["all"], numbers["running"], unserving)
    return Coverage(goals, lines, Line(None, *rest))


def _by_goal(rows: Any, some: Q | None = None) -> dict[int, tuple[int, int]]:
    """How many rows each goal has, and how many of them are such; (0, 0) for a goal without."""
    numbers = {"all": Count("pk"), "some": Count("pk", filter=some)}
    found = rows.order_by().values_list("goal").annotate(**numbers)
    return defaultdict(lambda: (0, 0), {goal: (every, such) for goal, every, such in found})


def _figures(
    lists: tuple[str, str], goal: int | str, projects: int, running: int, ideas: int
) -> tuple[Figure, Figure, Figure]:
    of_projects, of_ideas = (f"{address}?{urlencode({'goal': goal})}" for address in lists)
    return (
        Figure(running, f"{of_projects}&phase=running"),
        Figure(projects, of_projects),
        Figure(ideas, of_ideas),
    )


def matrix(programme: Programme, user: User) -> ProjectQuerySet:
    """Running projects of the programme's centre; those that serve none of its goals first."""
    links = Project.goals.through._default_manager.filter(goal__programme=programme)
    rows = _projects_of(programme, user).running().only("reference", "title")
    return rows.order_by(Exists(links.filter(project=OuterRef("pk"))), "-pk")


def crosses(goals: list[Goal], projects: Sequence[Project]) -> set[tuple[int, int]]:
    """Pairs (project, goal) of keys: this project serves that goal."""
    links = Project.goals.through._default_manager.filter(project__in=projects, goal__in=goals)
    return set(links.values_list("project", "goal"))
