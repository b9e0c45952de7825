from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from projects.ideas import developing
from projects.ideas.forms import WorksheetForm
from projects.ideas.models import Idea
from projects.ideas.worksheets import Worksheet
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.office.mandates import within_mandates


@permission_required("projects.view_idea", raise_exception=True)
def idea_worksheet(request: StaffRequest, pk: int) -> HttpResponse:
    """For the idea's own desk: the worksheet and how it came about."""
    ideas = Idea.objects.filter(within_mandates(request.user, OFFICE))
    idea = get_object_or_404(ideas.select_related("worksheet"), pk=pk)
    sheet = getattr(idea, "worksheet", None)
    lines = []
    if sheet:
        said = developing.said
        lines = [(developing.label(name), said(sheet, name)) for name in Worksheet.FIELDS]
    context = {
        "idea": idea,
        "lines": lines,
        "versions": developing.versions(sheet) if sheet else [],
        "is_leading": idea.is_inside(request.user, LEADING),
    }
    return render(request, "projects/idea_worksheet.html", context)


@permission_required("projects.change_idea", raise_exception=True)
def update_worksheet(request: StaffRequest, pk: int) -> HttpResponse:
    ideas = Idea.objects.led_by(request.user).select_related("worksheet")
    idea = get_object_or_404(ideas, pk=pk)
    sheet = getattr(idea, "worksheet", None) or Worksheet(idea=idea)
    form = WorksheetForm(request.POST or None, instance=sheet)
    if request.method == "POST" and form.is_valid() and _saves(request, idea, form):
        messages.success(request, _("The worksheet is saved."))
        return redirect("projects:idea_worksheet", pk)
    return render(request, "projects/idea_worksheet_form.html", {"idea": idea, "form": form})


def _saves(request: StaffRequest, idea: Idea, form: forms.BaseForm) -> bool:
    values: dict[str, Any] = form.cleaned_data
    try:
        developing.save_worksheet(idea, by=request.user, **values)
    except ValidationError as refusal:
        shown: Any = form
        shown.refuse(refusal)
        if getattr(refusal, "code", "") == "stale":
            shown.show_theirs(Worksheet.objects.get(idea=idea))
        return False
    return True
