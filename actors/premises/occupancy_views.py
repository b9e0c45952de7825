from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.premises import services
from actors.premises.forms import EndForm, OccupancyForm
from actors.premises.models import Occupancy, Unit
from zentrum.accounts.requests import StaffRequest


def _unit(request: StaffRequest, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _occupancy(request: StaffRequest, unit: Unit, pk: int) -> Occupancy:
    rows = Occupancy.objects.visible_to(request.user).filter(unit=unit)
    return get_object_or_404(rows.select_related("unit", "actor"), pk=pk)


@permission_required("actors.change_unit", raise_exception=True)
def occupancy_create(request: StaffRequest, pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    form = OccupancyForm(request.POST or None, instance=Occupancy(unit=unit), user=request.user)
    if request.method == "POST" and form.is_valid():
        ends_previous = form.cleaned_data["ends_previous"]
        if _saved(form, lambda: services.add_occupancy(form.instance, ends_previous=ends_previous)):
            messages.success(request, _("The entry is saved."))
            return redirect(unit)
    return _page(request, unit, form)


@permission_required("actors.change_unit", raise_exception=True)
def occupancy_update(request: StaffRequest, pk: int, occupancy_pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    occupancy = _occupancy(request, unit, occupancy_pk)
    form = OccupancyForm(request.POST or None, instance=occupancy, user=request.user)
    if request.method == "POST" and form.is_valid():
        seen_at = form.cleaned_data["seen_at"]
        if _saved(form, lambda: services.correct_occupancy(form.instance, seen_at=seen_at)):
            messages.success(request, _("The entry is saved."))
            return redirect(unit)
    return _page(request, unit, form)


def _saved(form: OccupancyForm, save: Any) -> bool:
    try:
        save()
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
    except IntegrityError:  # the unit was removed, or the state noted, at this very moment
        form.add_error(None, _("Another state already holds in this time."))
    else:
        return True
    return False


def _page(request: StaffRequest, unit: Unit, form: OccupancyForm) -> HttpResponse:
    context = {"unit": unit, "form": form, "is_new": form.instance.pk is None}
    return render(request, "actors/premises/occupancy_form.html", context)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def occupancy_end(request: StaffRequest, pk: int, occupancy_pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    occupancy = _occupancy(request, unit, occupancy_pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the last day."))
        return redirect(unit)
    try:
        services.end_occupancy(occupancy, on=form.cleaned_data["on"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The end is noted."))
    return redirect(unit)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def occupancy_remove(request: StaffRequest, pk: int, occupancy_pk: int) -> HttpResponse:
    unit = _unit(request, pk)
    services.remove_occupancy(_occupancy(request, unit, occupancy_pk))
    messages.success(request, _("The wrong entry is removed."))
    return redirect(unit)
