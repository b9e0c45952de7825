"""The figures of the city's dashboard: one query for projects, milestones and cases each.

A figure and the rows behind it come from the same condition, so they always agree.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.utils import timezone

from contacts.cases.models import Case
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project, ProjectQuerySet
from projects.programme.indicators import IS_REACHED, Indicator
from zentrum.accounts.roles import LEADING, Role
from zentrum.office.mandates import within_centres, within_mandates
from zentrum.portal.dashboard_filter import Scope

WORRIES_SHOWN = 20


class Median(Aggregate):
    """The middle value, interpolated between the two in the middle (PostgreSQL)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


# --- projects ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProjectFigures:
    by_phase: Counter[str]
    by_field: Counter[int]  # running projects only
    by_light: Counter[str]  # running projects only

    @property
    def all(self) -> int:
        return self.by_phase.total()

    @property
    def running(self) -> int:
        return self.by_light.total()


def projects_of(scope: Scope) -> ProjectQuerySet:
    visible = Project.objects.visible_to(scope.user)
    return visible.filter(centre__in=[centre.pk for centre in scope.centres])


def project_figures(scope: Scope) -> ProjectFigures:
    """How the projects stand today, whatever the period."""
    groups = projects_of(scope).order_by().values_list("phase", "light", "field_of_action")
    by_phase: Counter[str] = Counter()
    by_field: Counter[int] = Counter()
    by_light: Counter[str] = Counter()
    for phase, light, field, number in groups.annotate(number=Count("pk")):
        by_phase[phase] += number
        if phase not in Project.ENDED_PHASES:
            by_field[field] += number
            by_light[light] += number
    return ProjectFigures(by_phase, by_field, by_light)


def worrying_projects(scope: Scope) -> list[Project]:
    """Running projects that are not on course, the worst first."""
    projects = projects_of(scope).running().exclude(light=Project.Light.GREEN)
    columns = ("reference", "title", "light", "light_sentence", "phase")
    return list(projects.only(*columns).order_by("light", "-pk")[:WORRIES_SHOWN])


# --- milestones --------------------------------------------------------------------------------


def milestone_conditions(today: date) -> dict[str, Q]:
    """Which milestones a figure counts; `due` are those whose planned day is over or reached."""
    in_time = Q(reached_on__lte=F("planned_on"))
    late = Q(reached_on__gt=F("planned_on"))
    overdue = Q(reached_on__isnull=True, planned_on__lt=today)
    return {
        "planned": Q(),
        "due": in_time | late | overdue,
        "in_time": in_time,
        "late": late,
        "overdue": overdue,
        "to_come": Q(reached_on__isnull=True, planned_on__gte=today),
    }


def milestones_of(scope: Scope) -> QuerySet[Milestone]:
    """The milestones planned for the period, except those of cancelled projects."""
    kept = projects_of(scope).exclude(phase=Project.Phase.CANCELLED)
    planned = Milestone.objects.filter(planned_on__range=(scope.start, scope.end))
    return planned.filter(project__in=kept)


def milestone_figures(scope: Scope) -> dict[str, int]:
    return _count(milestones_of(scope), milestone_conditions(timezone.localdate()))


# --- indicators --------------------------------------------------------------------------------


def indicator_figures(scope: Scope) -> dict[str, int]:
    """How the indicators stand today by their last value, whatever the period."""
    visible = Indicator.objects.visible_to(scope.user).with_latest()
    measured = Q(latest_value__isnull=False)
    conditions = {"all": Q(), "reached": IS_REACHED, "measured": measured}
    centres = [centre.pk for centre in scope.centres]
    numbers = _count(visible.filter(goal__programme__centre__in=centres), conditions)
    numbers["missed"] = numbers["measured"] - numbers["reached"]
    numbers["unmeasured"] = numbers["all"] - numbers["measured"]
    return numbers


# --- cases -------------------------------------------------------------------------------------


def case_conditions(today: date) -> dict[str, Q]:
    """Which cases a figure counts.

    A promise is kept when the first answer went out on the promised day or before, in office time;
    the working days of a pause are added to the day. It is broken when the answer came later, or
    when the day is over without one. Cases whose day is still to come, those that wait, and those
    closed in time without an answer (withdrawn, duplicate), count neither way.
    """
    idea = Q(kind=Case.Kind.IDEA)
    unanswered = Q(first_answered_at__isnull=True)
    closed = Q(state=Case.State.CLOSED)
    kept = Q(promise_kept=True)
    over = Q(state=Case.State.OPEN, promise_ends_on__lt=today)
    overdue = unanswered & (over | (closed & Q(closed_at__date__gt=F("promise_ends_on"))))
    return {
        "received": Q(),
        "answered": ~unanswered,
        "kept": kept,
        "overdue": overdue,
        "broken": overdue | Q(promise_kept=False),
        "pending": unanswered & ~closed & ~over,
        "ideas": idea,
        "ideas_answered": idea & ~unanswered,
        "ideas_adopted": idea & Q(idea__isnull=False),
    }


def cases_of(scope: Scope) -> QuerySet[Case]:
    """The cases received in the period at the desks that the person oversees or leads.

    The city counts them although it may not read them: nothing but these figures and their rows
    without sender and subject may be shown from here. The centres are named one by one so that
    the index on (centre, received_at) always applies.
    """
    first, after = scope.moments
    overseen = within_centres(scope.user, (Role.CITY,)) | within_mandates(scope.user, LEADING)
    return Case.objects.filter(
        overseen,
        centre__in=[centre.pk for centre in scope.centres],
        received_at__gte=first,
        received_at__lt=after,
    )


def case_figures(scope: Scope) -> dict[str, Any]:
    """The numbers of `case_conditions`, and `median_days`: working days to an idea's answer."""
    conditions = case_conditions(timezone.localdate())
    del conditions["broken"]
    median = Median("first_answer_days", filter=Q(kind=Case.Kind.IDEA))
    numbers = _count(cases_of(scope), conditions, median_days=median)
    numbers["broken"] = numbers["overdue"] + numbers["answered"] - numbers["kept"]
    return numbers


def _count(rows: QuerySet, conditions: dict[str, Q], **more: Aggregate) -> dict[str, Any]:
    numbers = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return rows.order_by().aggregate(**numbers, **more)
