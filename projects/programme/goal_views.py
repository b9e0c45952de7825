"""The goals of a programme: named, put in order, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.programme import services
from projects.programme.programme_forms import GoalForm
from projects.programme.programmes import Goal, Programme
from projects.programme.saving import save_next
from projects.programme.views import may_change, programme_of
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once

LAST = 32767


def _goal(request: StaffRequest, pk: int, goal_pk: int) -> Goal:
    programme = programme_of(request, pk)
    return get_object_or_404(programme.goals.select_related("programme"), pk=goal_pk)


@may_change
def create_goal(request: StaffRequest, pk: int) -> HttpResponse:
    programme = programme_of(request, pk)
    goal = Goal(programme=programme)
    form = GoalForm(request.POST or None, instance=goal)

    def save() -> None:
        services.add_goal(goal, by=request.user)

    if request.method == "POST" and form.is_valid() and save_once(form, goal, save, field="title"):
        messages.success(request, _("The goal is saved."))
        return redirect(programme)
    return _ask(request, programme, form, _("Add a goal"))


@may_change
def update_goal(request: StaffRequest, pk: int, goal_pk: int) -> HttpResponse:
    goal = _goal(request, pk, goal_pk)
    form = GoalForm(request.POST or None, instance=_goal(request, pk, goal_pk))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            save_next(goal, by=request.user, version=version, **form.changes())
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(Goal.objects.select_related("field_of_action").get(pk=goal_pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(goal.programme)
    return _ask(request, goal.programme, form, _("Edit the goal"))


def _ask(request: StaffRequest, programme: Programme, form: GoalForm, heading: str) -> HttpResponse:
    context = {"programme": programme, "form": form, "heading": heading}
    return render(request, "projects/programme/programme_form.html", context)


@may_change
@require_POST
def place_goal(request: StaffRequest, pk: int, goal_pk: int) -> HttpResponse:
    """To the place that the button names: pressed twice, it stands there all the same."""
    goal = _goal(request, pk, goal_pk)
    place = request.POST.get("place", "")
    if place.isascii() and place.isdecimal() and len(place) < 6 and int(place) <= LAST:
        services.place_goal(goal, int(place), by=request.user)
        messages.success(request, _("The goals are in their new order."))
    else:
        messages.error(request, _("This step is not possible now."))
    return redirect(goal.programme)


@may_change
@require_POST
def remove_goal(request: StaffRequest, pk: int, goal_pk: int) -> HttpResponse:
    goal = _goal(request, pk, goal_pk)
    programme = goal.programme
    try:
        services.remove_goal(goal, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The goal is removed."))
    return redirect(programme)
