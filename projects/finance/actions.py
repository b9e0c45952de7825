"""The forms that write money down: an amount, a total split among its sources, a correction."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from projects.finance import services
from projects.finance.forms import BookingForm, CorrectionForm, SplitForm, SubmissionForm
from projects.finance.models import now_holds
from projects.pipeline.models import Project
from zentrum.accounts.requests import StaffRequest

may_change = permission_required("projects.change_finance", raise_exception=True)


def _project(request: StaffRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.led_by(request.user), pk=pk)


def _accepts(form: SubmissionForm, act: Callable[[], Any]) -> bool:
    """Whether the service takes what the valid form holds; else the form says why not."""
    try:
        act()
    except ValidationError as refusal:
        form.refuse(refusal)
        return False
    return True


def _ask(request: StaffRequest, project: Project, form: SubmissionForm, heading: str, **more: Any):
    context = {"project": project, "form": form, "heading": heading, **more}
    return render(request, "projects/finance/booking_form.html", context)


def _saved(request: StaffRequest, project: Project, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("projects:project_finance", project.pk)


@may_change
def create_booking(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = BookingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        book = partial(services.book, project, form.amounts(), by=request.user, **form.details())
        if _accepts(form, book):
            return _saved(request, project, _("The amount is entered."))
    return _ask(request, project, form, _("Enter an amount"))


@may_change
def split_total(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        total, shares = form.cleaned_data["total"], form.shares()
        act = partial(services.book_split, project, total, shares, by=request.user)
        if _accepts(form, partial(act, **form.details())):
            return _saved(request, project, _("The total is split and entered."))
    return _ask(request, project, form, _("Split a total among its sources"))


@may_change
def correct_booking(request: StaffRequest, pk: int, booking_pk: int) -> HttpResponse:
    project = _project(request, pk)
    booking = get_object_or_404(project.bookings.filter(corrects=None), pk=booking_pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(services.correct, booking, by=request.user, **form.cleaned_data)
        if _accepts(form, act):
            return _saved(request, project, _("The correction is entered."))
    holds = now_holds(booking)
    return _ask(request, project, form, _("Correct a booking"), booking=booking, holds=holds)
