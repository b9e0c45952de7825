"""Which goals of a programme nothing serves, and which projects serve none of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.ideas.models import Idea
from projects.pipeline.models import Project, ProjectQuerySet
from projects.programme.forms import NONE_OF, without_goal
from projects.programme.indicators import Indicator
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
    running, all_of = _serving(goals, projects)
    proposed = Idea.goals.through._default_manager.filter(goal__in=goals, idea__in=ideas)
    ideas_of = Counter(dict(proposed.values_list("goal").annotate(number=Count("pk"))))
    measured, reached = _measured(goals)
    lines = []
    for goal in goals:
        key = goal.pk
        figures = _figures(str(key), running[key], all_of[key], ideas_of[key])
        note = _("%(reached)s reached") % {"reached": reached[key]}
        url = f"{reverse('projects:indicator_list')}?{urlencode({'goal': key})}"
        lines.append(Line(goal, *figures, Figure(measured[key], url, note)))
    return Coverage(goals, lines, _without(programme, projects, ideas))


def _serving(goals: list[Goal], projects: ProjectQuerySet) -> tuple[Counter[int], Counter[int]]:
    """How many running projects, and how many at all, serve each goal."""
    links = Project.goals.through._default_manager.filter(goal__in=goals, project__in=projects)
    runs = ~Q(project__phase__in=Project.ENDED_PHASES)
    rows = links.values("goal").annotate(all=Count("pk"), running=Count("pk", filter=runs))
    running: Counter[int] = Counter()
    all_of: Counter[int] = Counter()
    for row in rows:
        running[row["goal"]], all_of[row["goal"]] = row["running"], row["all"]
    return running, all_of


def _measured(goals: list[Goal]) -> tuple[Counter[int], Counter[int]]:
    """How many indicators each goal has, and how many of them are reached."""
    indicators = Indicator.objects.filter(goal__in=goals).with_latest()
    measured: Counter[int] = Counter()
    reached: Counter[int] = Counter()
    for indicator in indicators:
        measured[indicator.goal_id] += 1
        reached[indicator.goal_id] += indicator.is_reached
    return measured, reached


def _without(programme: Programme, projects: Any, ideas: Any) -> Line:
    bare = projects.filter(without_goal(programme)).order_by()
    running = Count("pk", filter=~Q(phase__in=Project.ENDED_PHASES))
    numbers = bare.aggregate(all=Count("pk"), running=running)
    unserving = ideas.filter(without_goal(programme)).order_by().count()
    key = f"{NONE_OF}{programme.pk}"
    return Line(None, *_figures(key, numbers["running"], numbers["all"], unserving))


def _figures(goal: str, running: int, projects: int, ideas: int) -> tuple[Figure, Figure, Figure]:
    listed, proposed = reverse("projects:project_list"), reverse("projects:idea_list")
    of_goal = urlencode({"goal": goal})
    return (
        Figure(running, f"{listed}?{of_goal}&phase=running"),
        Figure(projects, f"{listed}?{of_goal}"),
        Figure(ideas, f"{proposed}?{of_goal}"),
    )


def matrix(programme: Programme, user: User) -> ProjectQuerySet:
    """Running projects with those of its goals that they serve; those that serve none first."""
    own = Goal.objects.filter(programme=programme)
    links = Project.goals.through._default_manager.filter(project=OuterRef("pk"), goal__in=own)
    projects = _projects_of(programme, user).running()
    rows = projects.only("reference", "title").prefetch_related(Prefetch("goals", own.only("pk")))
    return rows.order_by(Exists(links), "-pk")
