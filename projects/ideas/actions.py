"""The buttons on an idea's page: its next state and its release."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from projects.ideas import services
from projects.ideas.forms import IdeaMoveForm, IdeaReleaseForm
from projects.ideas.models import Idea
from zentrum.accounts.requests import StaffRequest

BUTTONS: dict[str, Promise] = {
    Idea.State.IN_REVIEW: gettext_lazy("Review"),
    Idea.State.QUERY: gettext_lazy("Ask the author"),
    Idea.State.IN_CONSULTATION: gettext_lazy("Take into consultation"),
    Idea.State.ACCEPTED: gettext_lazy("Accept"),
    Idea.State.PARKED: gettext_lazy("Put into the pool of ideas"),
    Idea.State.FORWARDED: gettext_lazy("Forward"),
    Idea.State.MERGED: gettext_lazy("Merge with another idea"),
    Idea.State.DECLINED: gettext_lazy("Decline"),
    Idea.State.WITHDRAWN: gettext_lazy("Note the withdrawal"),
    Idea.State.SETTLED: gettext_lazy("Settle without a project"),
}


def next_steps(idea: Idea) -> list[dict[str, Any]]:
    """The steps an idea may take now. A step that is told by mail asks for its words first."""
    return [
        {"to": state, "label": label_of(idea, state), "is_told": idea.is_told(state)}
        for state in idea.next_states
        if state in BUTTONS
    ]


def label_of(idea: Idea, to: str) -> Promise:
    if to == idea.state:  # only a parked one stays what it is
        return gettext_lazy("Leave it in the pool until another day")
    return BUTTONS[to]


@permission_required("projects.decide_idea", raise_exception=True)
def move_idea(request: StaffRequest, pk: int) -> HttpResponse:
    """GET asks for the words of the step `?to=`, POST takes it."""
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    if to not in BUTTONS or (request.method == "GET" and to not in idea.next_states):
        messages.error(request, _("This step is not possible now."))
        return redirect(idea)
    initial = {"to": to, **_suggested(idea, to, request.GET.get("into", ""))}
    form = IdeaMoveForm(request.POST or None, idea=idea, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid() and _move(request, idea, form):
        return redirect(idea)
    context = {"idea": idea, "form": form, "label": label_of(idea, to)}
    context["is_told"] = idea.is_told(to)
    return render(request, "projects/idea_move.html", context)


def _suggested(idea: Idea, to: str, into: str) -> dict[str, str]:
    """The other idea that was chosen beside this one, and a sentence for both."""
    if to != Idea.State.MERGED or not into:
        return {}
    words = _("Your idea is about the same as %(reference)s. We take both further together.")
    return {"merged_into": into, "reason": words % {"reference": into}}


def _move(request: StaffRequest, idea: Idea, form: IdeaMoveForm) -> bool:
    try:
        services.move_idea(idea, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.refuse(refusal)
        if getattr(refusal, "code", "") == "stale":
            idea.refresh_from_db()
            form.show_theirs(idea)
        return False
    state = idea.get_state_display()
    messages.success(request, _("The idea is now: %(state)s.") % {"state": state})
    return True


@permission_required("projects.decide_idea", raise_exception=True)
def release_idea(request: StaffRequest, pk: int) -> HttpResponse:
    ideas = Idea.objects.led_by(request.user)
    idea = get_object_or_404(ideas, pk=pk)
    form = IdeaReleaseForm(request.POST or None, instance=get_object_or_404(ideas, pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            services.release_idea(idea, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(get_object_or_404(ideas, pk=pk))
        else:
            messages.success(request, _("The idea is released."))
            return redirect(idea)
    return render(request, "projects/idea_release.html", {"idea": idea, "form": form})


@permission_required("projects.decide_idea", raise_exception=True)
@require_POST
def withdraw_release(request: StaffRequest, pk: int) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    services.withdraw_release(idea, by=request.user)
    messages.success(request, _("The idea is no longer public."))
    return redirect(idea)


@permission_required("projects.decide_idea", raise_exception=True)
@require_POST
def confirm_author(request: StaffRequest, pk: int) -> HttpResponse:
    """The author agreed at the desk or on the phone."""
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    services.confirm_author(idea)
    messages.success(request, _("Noted: the author agrees."))
    return redirect(idea)
