"""The buttons on a project's page: phase, traffic light, milestones, participants, notes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.pipeline import services
from projects.pipeline.forms import (
    MilestoneForm,
    ParticipantForm,
    ProgressNoteForm,
    ProjectLightForm,
    ProjectMoveForm,
)
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from projects.pipeline.participants import Participant
from projects.programme.versions import VersionForm
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once

may_change = permission_required("projects.change_project", raise_exception=True)


def _project(request: StaffRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.led_by(request.user), pk=pk)


def _ask(request: StaffRequest, project: Project, form: BaseForm, heading: str, **more: Any):
    context = {"project": project, "form": form, "heading": heading, **more}
    return render(request, "projects/project_action.html", context)


def _accepts(form: VersionForm, project: Project, act: Callable[[], None]) -> bool:
    """Whether the service takes what the valid form holds; else the form says why not."""
    try:
        act()
    except ValidationError as refusal:
        form.refuse(refusal)
        if getattr(refusal, "code", "") == "stale":
            form.show_theirs(Project.objects.get(pk=project.pk))
        return False
    return True


@may_change
def move_project(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = ProjectMoveForm(request.POST or None, instance=project)
    if request.method == "POST" and form.is_valid():
        act = partial(services.move_project, project, by=request.user, **form.cleaned_data)
        if _accepts(form, project, act):
            phase = project.get_phase_display()
            messages.success(request, _("The project is now: %(phase)s.") % {"phase": phase})
            return redirect(project)
    return _ask(request, project, form, _("Change the phase"))


@may_change
def set_light(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = ProjectLightForm(request.POST or None, instance=_project(request, pk))
    if request.method == "POST" and form.is_valid():
        act = partial(services.edit_project, project, by=request.user, **form.cleaned_data)
        if _accepts(form, project, act):
            messages.success(request, _("The traffic light is set."))
            return redirect(project)
    return _ask(request, project, form, _("Set the traffic light"))


@may_change
def create_milestone(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    instance = Milestone(project=project)
    form = MilestoneForm(request.POST or None, instance=instance, user=request.user)
    if request.method == "POST" and form.is_valid() and _saves(request, form):
        return redirect(project)
    return _ask(request, project, form, _("Add a milestone or a task"))


@may_change
def update_milestone(request: StaffRequest, pk: int, milestone_pk: int) -> HttpResponse:
    project = _project(request, pk)
    milestone = get_object_or_404(project.milestones, pk=milestone_pk)
    form = MilestoneForm(request.POST or None, instance=milestone, user=request.user)
    if request.method == "POST" and form.is_valid() and _saves(request, form):
        return redirect(project)
    return _ask(request, project, form, _("Edit the milestone"))


def _saves(request: StaffRequest, form: MilestoneForm) -> bool:
    save = partial(services.save_milestone, form.instance, after=form.after_steps, by=request.user)
    if not save_once(form, form.instance, save):
        return False
    messages.success(request, _("The milestone is saved."))
    return True


@may_change
@require_POST
def reach_milestone(request: StaffRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Reached today; another day is entered by editing the milestone."""
    project = _project(request, pk)
    milestone = get_object_or_404(project.milestones, pk=milestone_pk)
    if milestone.reached_on is None:
        milestone.reached_on = timezone.localdate()
        milestone.save(update_fields=["reached_on", "updated_at"])
    messages.success(request, _("Reached: %(title)s") % {"title": milestone.title})
    return redirect(project)


@may_change
def add_participant(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    instance = Participant(project=project)
    form = ParticipantForm(request.POST or None, instance=instance, user=request.user)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and save_once(form, instance, form.save, field="actor"):
        messages.success(request, _("Added: %(name)s") % {"name": str(instance)})
        return redirect(project)
    return _ask(request, project, form, _("Add a participant"))


@may_change
@require_POST
def remove_participant(request: StaffRequest, pk: int, participant_pk: int) -> HttpResponse:
    project = _project(request, pk)
    project.participants.filter(pk=participant_pk).delete()
    messages.success(request, _("The participant is removed."))
    return redirect(project)


@may_change
def publish_note(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = ProgressNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.publish_note(project, author=request.user, **form.cleaned_data)
        messages.success(request, _("The progress note is saved."))
        return redirect(project)
    return _ask(request, project, form, _("Write a progress note"))
