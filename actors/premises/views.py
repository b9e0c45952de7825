from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from actors.premises import services
from actors.premises.comparing import differences
from actors.premises.exporting import units_workbook
from actors.premises.forms import UnitForm
from actors.premises.listing import UnitFilter, sorted_by, streets_of
from actors.premises.matching import seekers_of
from actors.premises.models import Unit, UnitQuerySet
from actors.premises.places import MOST_PLACES, feature_collection
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.files import xlsx

MOST_EXPORTED = 20_000


def _filter(request: StaffRequest) -> tuple[UnitFilter, UnitQuerySet]:
    units = Unit.objects.visible_to(request.user)
    form = UnitFilter(request.GET, user=request.user, streets=streets_of(units))
    return form, form.narrow(units)


class UnitListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.view_unit"
    template_name = "actors/premises/unit_list.html"
    paginate_by = 50

    def get_queryset(self) -> UnitQuerySet:
        self.filter, units = _filter(self.request)
        return sorted_by(units.select_related("owner"), self.request.GET.get("sort", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.urlencode()
        return context | {
            "filter": self.filter,
            "count": context["paginator"].count,
            "most_places": MOST_PLACES,
            "day": self.filter.day,
            "query": f"?{query}" if query else "",
        }


@permission_required("actors.view_unit", raise_exception=True)
def unit_geojson(request: StaffRequest) -> JsonResponse:
    _form, units = _filter(request)
    return _geojson(sorted_by(units, ""))


@permission_required("actors.view_unit", raise_exception=True)
def unit_place(request: StaffRequest, pk: int) -> JsonResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    return _geojson(Unit.objects.filter(pk=unit.pk).as_on(timezone.localdate()))


def _geojson(units: UnitQuerySet) -> JsonResponse:
    return JsonResponse(feature_collection(units), content_type="application/geo+json")


@permission_required(["actors.view_unit", "actors.export_actor"], raise_exception=True)
def unit_export(request: StaffRequest) -> HttpResponse:
    """Exactly the rows that the list shows, as a workbook."""
    form, units = _filter(request)
    units = sorted_by(units.select_related("owner", "centre"), request.GET.get("sort", ""))
    content = units_workbook(units[:MOST_EXPORTED], form.day)
    name = _("premises-%(day)s.xlsx") % {"day": form.day.isoformat()}
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=xlsx.TYPE, headers=headers)


class UnitDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "actors.view_unit"
    template_name = "actors/premises/unit_detail.html"

    def get_queryset(self) -> UnitQuerySet:
        units = Unit.objects.visible_to(self.request.user)
        return units.select_related("centre", "owner").as_on(timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit: Any = self.object
        today = timezone.localdate()
        sightings = unit.sightings.filter(walk__finished_at__isnull=False)
        return super().get_context_data(**kwargs) | {
            "today": today,
            "occupancies": unit.occupancies.select_related("actor").order_by("-starts_on", "-pk"),
            "last_sighting": sightings.select_related("walk")
            .order_by("-walk__walked_on", "-pk")
            .first(),
            "seekers": seekers_of(unit, today),
        }


@permission_required("actors.change_unit", raise_exception=True)
def unit_create(request: StaffRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        unit = form.instance
        if save_once(form, unit, unit.save):
            messages.success(request, _("The premises are saved. What stands there?"))
            return redirect("actors:occupancy_create", unit.pk)
    return _form_page(request, form, None)


@permission_required("actors.change_unit", raise_exception=True)
def unit_update(request: StaffRequest, pk: int) -> HttpResponse:
    units = Unit.objects.visible_to(request.user).select_related("centre", "owner")
    unit = get_object_or_404(units, pk=pk)
    form = _form(request, unit, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, unit)
    try:
        services.update_unit(unit, version=form.cleaned_data["version"])
    except ValidationError as refusal:
        if refusal.code == "stale":
            return _stale_page(request, form, refusal)
        form.add_error(None, ValidationError(refusal.messages))
        return _form_page(request, form, unit)
    messages.success(request, _("The premises “%(name)s” are saved.") % {"name": unit})
    return redirect(unit)


def _form(request: StaffRequest, unit: Unit, data: Any) -> UnitForm:
    return UnitForm(data, instance=unit, user=request.user, initial={"version": unit.version})


def _stale_page(request: StaffRequest, form: UnitForm, refusal: ValidationError) -> HttpResponse:
    """Both versions, and the visitor's own input in a form that may now overwrite knowingly."""
    stored = Unit.objects.select_related("centre", "owner").get(pk=form.instance.pk)
    compared = differences(form, stored)
    data = request.POST.copy()
    data["version"] = str(stored.version)
    again = _form(request, stored, data)
    again.is_valid()
    again.add_error(None, refusal)
    unit = Unit.objects.get(pk=stored.pk)
    return _form_page(request, again, unit, differences=compared, status=409)


def _form_page(
    request: StaffRequest, form: UnitForm, unit: Unit | None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {"form": form, "unit": unit, **extra}
    return render(request, "actors/premises/unit_form.html", context, status=status)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def unit_archive(request: StaffRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    services.archive_unit(unit)
    messages.success(request, _("The premises “%(name)s” are archived.") % {"name": unit})
    return redirect(unit)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def unit_unarchive(request: StaffRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    services.unarchive_unit(unit)
    messages.success(request, _("The premises “%(name)s” are back in the lists.") % {"name": unit})
    return redirect(unit)
