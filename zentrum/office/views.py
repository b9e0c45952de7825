"""The settings of the office: town, centres with their hours, closing days, absences, carriers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.db import IntegrityError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import (
    CreateView,
    DeleteView,
    DetailView,
    ListView,
    TemplateView,
    UpdateView,
)

from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.office import access
from zentrum.office.forms import (
    AbsenceForm,
    CarrierForm,
    CentreForm,
    ClosingDayForm,
    OfficeHoursFormSet,
    TownForm,
)
from zentrum.office.models import Absence, Carrier, Centre, ClosingDay, Town
from zentrum.office.working_time import holidays_in

SAVED = _("Saved.")
FORM = "office/form.html"
YEARS = range(1991, 2101)  # since the Länder of today have their holidays


def the_town() -> Town:
    """Raises Http404 before the town is founded (`manage.py found`)."""
    if not (town := Town.objects.order_by("pk").first()):
        raise Http404(_("The town is not set up yet."))
    return town


class SavedOnceMixin:
    """A second press of the button saves nothing; the form says that the row is there already."""

    success_url: Any

    def form_valid(self: Any, form: ModelForm) -> HttpResponse:
        if not save_once(form, form.instance, form.save):
            return self.form_invalid(form)
        messages.success(self.request, SAVED)
        return redirect(str(self.success_url))


class SettingsView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "office.view_office"
    template_name = "office/settings.html"
    context_object_name = "settings"

    def get_object(self, queryset: Any = None) -> Town:
        return the_town()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        centres = access.centres_led_by(self.request.user)
        centres = centres.select_related("carrier").prefetch_related("office_hours")
        return super().get_context_data(centres=centres.order_by("name"), **kwargs)


class TownUpdateView(PermissionRequiredMixin, SuccessMessageMixin, UpdateView):
    permission_required = "office.change_office"
    form_class = TownForm
    template_name = FORM
    success_url = reverse_lazy("office:settings")
    success_message = SAVED
    extra_context = {"title": _("Town and office")}

    def get_object(self, queryset: Any = None) -> Town:
        return the_town()


class CentreCreateView(PermissionRequiredMixin, SavedOnceMixin, CreateView):
    permission_required = "office.change_office"
    form_class = CentreForm
    template_name = FORM
    success_url = reverse_lazy("office:settings")
    extra_context = {"title": _("Add a centre")}

    def form_valid(self, form: ModelForm) -> HttpResponse:
        form.instance.town = the_town()
        return super().form_valid(form)


class CentreUpdateView(PermissionRequiredMixin, UpdateView):
    request: StaffRequest
    permission_required = "office.change_office"
    form_class = CentreForm
    template_name = "office/centre_form.html"

    def get_queryset(self) -> QuerySet[Centre]:
        return access.centres_led_by(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("hours", OfficeHoursFormSet(instance=self.object))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = self.get_form()
        hours = OfficeHoursFormSet(request.POST, instance=self.object)
        if not (form.is_valid() & hours.is_valid()):
            return self.render_to_response(self.get_context_data(form=form, hours=hours))
        if not self._saves(form, hours):
            return self.render_to_response(self.get_context_data(form=form, hours=hours))
        messages.success(request, SAVED)
        return redirect("office:settings")

    def _saves(self, form: ModelForm, hours: Any) -> bool:
        try:
            return save_once(form, form.instance, lambda: (form.save(), hours.save()))
        except IntegrityError:  # new hours from a page that lacks what was saved meanwhile
            refusal = _("These office hours are already entered. Please load the page anew.")
            form.add_error(None, refusal)
            return False


class ClosingDayListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "office.view_office"
    template_name = "office/closingday_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[ClosingDay]:
        days = access.closing_days_led_by(self.request.user).select_related("centre")
        return days.order_by("-starts_on", "-pk")


class ClosingDayCreateView(PermissionRequiredMixin, SavedOnceMixin, CreateView):
    request: StaffRequest
    permission_required = "office.change_office"
    form_class = ClosingDayForm
    template_name = FORM
    success_url = reverse_lazy("office:closingday_list")
    extra_context = {"title": _("Add a closing day")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"acting": self.request.user}


class ClosingDayDeleteView(PermissionRequiredMixin, DeleteView):
    request: StaffRequest
    permission_required = "office.change_office"
    template_name = "office/confirm_delete.html"
    success_url = reverse_lazy("office:closingday_list")

    def get_queryset(self) -> QuerySet[ClosingDay]:
        return access.closing_days_led_by(self.request.user)


class AbsenceListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "office.view_office"
    template_name = "office/absence_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Absence]:
        absences = access.absences_led_by(self.request.user).select_related("user", "deputy")
        return absences.order_by("-starts_on", "-pk")


class AbsenceCreateView(PermissionRequiredMixin, SavedOnceMixin, CreateView):
    request: StaffRequest
    permission_required = "office.change_office"
    form_class = AbsenceForm
    template_name = FORM
    success_url = reverse_lazy("office:absence_list")
    extra_context = {"title": _("Add an absence")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"acting": self.request.user}


class AbsenceDeleteView(PermissionRequiredMixin, DeleteView):
    request: StaffRequest
    permission_required = "office.change_office"
    template_name = "office/confirm_delete.html"
    success_url = reverse_lazy("office:absence_list")

    def get_queryset(self) -> QuerySet[Absence]:
        return access.absences_led_by(self.request.user)


class CarrierListView(PermissionRequiredMixin, ListView):
    permission_required = "office.view_office"
    queryset = Carrier.objects.order_by("name")
    template_name = "office/carrier_list.html"


class CarrierCreateView(PermissionRequiredMixin, SavedOnceMixin, CreateView):
    permission_required = "office.change_office"
    form_class = CarrierForm
    template_name = FORM
    success_url = reverse_lazy("office:carrier_list")
    extra_context = {"title": _("Add a carrier")}


class HolidayListView(PermissionRequiredMixin, TemplateView):
    permission_required = "office.view_office"
    template_name = "office/holiday_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        town = the_town()
        year = self.kwargs.get("year", timezone.localdate().year)
        if year not in YEARS:
            raise Http404(_("The holidays of this year are not known."))
        context = super().get_context_data(**kwargs)
        return context | {
            "object_list": [
                {"day": day, "name": name} for day, name in holidays_in(town.land, year).items()
            ],
            "year": year,
            "neighbours": [other for other in (year - 1, year + 1) if other in YEARS],
            "land": town.get_land_display(),
        }
