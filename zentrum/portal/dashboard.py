"""The city's dashboard: one sentence first, then figures, each a link to its rows."""

from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.pipeline.models import Project
from projects.programme.models import FieldOfAction
from zentrum.accounts.requests import StaffRequest
from zentrum.portal import dashboard_figures as figures
from zentrum.portal.dashboard_filter import DashboardFilterForm, Scope


@dataclass(frozen=True)
class Bar:
    """A line of a table with a bar: what, how many, and the address of the rows."""

    label: str | Promise
    number: int
    url: str


@permission_required("portal.view_dashboard", raise_exception=True)
def dashboard(request: StaffRequest) -> HttpResponse:
    form = DashboardFilterForm(request.GET, user=request.user)
    scope = form.scope()
    projects = figures.project_figures(scope)
    milestones = figures.milestone_figures(scope)
    cases = figures.case_figures(scope)
    indicators = figures.indicator_figures(scope)
    by_phase, by_field = phases(scope, projects), fields(scope, projects)
    context = {
        "form": form,
        "scope": scope,
        "sentence": f"{project_finding(projects)} {promise_finding(cases)}",
        "project_finding": project_finding(projects),
        "projects": projects,
        "lights": lights(scope, projects),
        "worries": figures.worrying_projects(scope),
        "phases": by_phase,
        "phase_finding": phase_finding(by_phase),
        "fields": by_field,
        "field_finding": field_finding(by_field),
        "cases": cases,
        "milestones": milestones,
        "milestone_bars": milestone_bars(scope, milestones),
        "milestone_finding": milestone_finding(milestones),
        "indicators": indicators,
        "indicator_bars": indicator_bars(scope, indicators),
        "indicator_finding": indicator_finding(indicators),
        "idea_bars": idea_bars(scope, cases),
        "idea_finding": idea_finding(cases),
        "promise_bars": promise_bars(scope, cases),
        "promise_finding": promise_finding(cases),
    }
    return render(request, "portal/dashboard.html", context)


# --- in words ----------------------------------------------------------------------------------


def project_finding(projects: figures.ProjectFigures) -> str:
    running, lights = projects.running, projects.by_light
    if not running:
        return _("No project is running at the moment.")
    parts = [
        ngettext(
            "%(green)s of %(running)s running project is on course",
            "%(green)s of %(running)s running projects are on course",
            running,
        )
        % {"green": lights[Project.Light.GREEN], "running": running}
    ]
    if number := lights[Project.Light.YELLOW]:
        parts.append(_("%(number)s at risk") % {"number": number})
    if number := lights[Project.Light.RED]:
        parts.append(_("%(number)s off course") % {"number": number})
    return ", ".join(parts) + "."


def promise_finding(cases: dict[str, Any]) -> str:
    decided = cases["kept"] + cases["broken"]
    if not decided:
        return _("In this period no promised answer has fallen due.")
    # Rounded down: only all of them are 100 percent.
    share = cases["kept"] * 100 // decided
    return _("%(share)s %% of the cases were answered within the promise.") % {"share": share}


def milestone_finding(milestones: dict[str, int]) -> str:
    if not milestones["due"]:
        return _("In this period no milestone has fallen due.")
    return ngettext(
        "%(in_time)s of %(due)s milestone due was reached in time.",
        "%(in_time)s of %(due)s milestones due were reached in time.",
        milestones["due"],
    ) % {"in_time": milestones["in_time"], "due": milestones["due"]}


def indicator_finding(indicators: dict[str, int]) -> str:
    if not indicators["all"]:
        return _("No indicator has been entered yet.")
    return ngettext(
        "%(reached)s of %(all)s indicator has reached its target.",
        "%(reached)s of %(all)s indicators have reached their target.",
        indicators["all"],
    ) % {"reached": indicators["reached"], "all": indicators["all"]}


def idea_finding(cases: dict[str, Any]) -> str:
    if cases["median_days"] is None:
        return _("In this period no idea has been answered.")
    days = cases["median_days"]
    text = number_format(days, 0 if days == int(days) else 1)
    return ngettext(
        "Half of the ideas had their first answer after %(days)s working day at most.",
        "Half of the ideas had their first answer after %(days)s working days at most.",
        ceil(days),
    ) % {"days": text}


def phase_finding(phases: list[Bar]) -> str:
    total = sum(bar.number for bar in phases)
    if not total:
        return _("There is no project yet.")
    top = max(phases, key=lambda bar: bar.number)
    return _("Most projects (%(number)s of %(total)s) are in the phase “%(phase)s”.") % {
        "number": top.number,
        "total": total,
        "phase": top.label,
    }


def field_finding(fields: list[Bar]) -> str:
    served = sum(1 for bar in fields if bar.number)
    return ngettext(
        "Running projects serve %(served)s of %(total)s field of action.",
        "Running projects serve %(served)s of %(total)s fields of action.",
        len(fields),
    ) % {"served": served, "total": len(fields)}


# --- bars --------------------------------------------------------------------------------------


def _project_url(scope: Scope, **filters: Any) -> str:
    if scope.centre:
        filters["centre"] = scope.centre.pk
    return f"{reverse('projects:project_list')}?{urlencode(filters)}"


def lights(scope: Scope, projects: figures.ProjectFigures) -> list[Bar]:
    return [
        Bar(label, projects.by_light[light], _project_url(scope, phase="running", light=light))
        for light, label in Project.Light.choices
    ]


def phases(scope: Scope, projects: figures.ProjectFigures) -> list[Bar]:
    return [
        Bar(label, projects.by_phase[phase], _project_url(scope, phase=phase))
        for phase, label in Project.Phase.choices
        if projects.by_phase[phase] or phase in Project.ROAD
    ]


def fields(scope: Scope, projects: figures.ProjectFigures) -> list[Bar]:
    return [
        Bar(
            field.name,
            projects.by_field[field.pk],
            _project_url(scope, phase="running", field=field.pk),
        )
        for field in FieldOfAction.objects.all()
    ]


def _case_bar(scope: Scope, cases: dict[str, Any], name: str, label: str) -> Bar:
    url = reverse("portal:dashboard_cases", args=[name]) + scope.link
    return Bar(label, cases[name], url)


def milestone_bars(scope: Scope, milestones: dict[str, int]) -> list[Bar]:
    labels = {
        "in_time": _("reached in time"),
        "late": _("reached late"),
        "overdue": _("overdue"),
        "to_come": _("still to come"),
    }
    return [
        Bar(
            label,
            milestones[name],
            reverse("portal:dashboard_milestones", args=[name]) + scope.link,
        )
        for name, label in labels.items()
    ]


def indicator_bars(scope: Scope, indicators: dict[str, int]) -> list[Bar]:
    labels = {
        "reached": _("reached"),
        "missed": _("on the way"),
        "unmeasured": _("not measured yet"),
    }
    centre = {"centre": scope.centre.pk} if scope.centre else {}
    rows = reverse("projects:indicator_list")
    return [
        Bar(label, indicators[name], f"{rows}?{urlencode({'state': name} | centre)}")
        for name, label in labels.items()
    ]


def idea_bars(scope: Scope, cases: dict[str, Any]) -> list[Bar]:
    return [
        _case_bar(scope, cases, "ideas", _("Ideas received")),
        _case_bar(scope, cases, "ideas_answered", _("of these answered")),
        _case_bar(scope, cases, "ideas_adopted", _("of these adopted")),
    ]


def promise_bars(scope: Scope, cases: dict[str, Any]) -> list[Bar]:
    return [
        _case_bar(scope, cases, "received", _("Cases received")),
        _case_bar(scope, cases, "kept", _("answered within the promise")),
        _case_bar(scope, cases, "broken", _("promise not kept")),
        _case_bar(scope, cases, "pending", _("promised day still to come")),
    ]
