from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from projects.programme import indicator_services as services
from projects.programme.charting import chart
from projects.programme.exporting import indicators_text, indicators_workbook
from projects.programme.indicator_forms import (
    IndicatorFilterForm,
    IndicatorForm,
    ReadingForm,
)
from projects.programme.indicators import Indicator, IndicatorQuerySet, Reading
from projects.programme.listing import FilteredListView
from projects.programme.programmes import READERS, Goal
from projects.programme.versions import VersionForm
from projects.programme.views import may_change, may_view
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.files import csv_text, xlsx
from zentrum.files.responses import attachment
from zentrum.office.access import centres_of

IN_ORDER = ("goal__programme", "goal__position", "name", "pk")


def _found(form: IndicatorFilterForm, user: User) -> IndicatorQuerySet:
    """Exactly what list and workbook show under the same address."""
    indicators = form.narrow(Indicator.objects.visible_to(user).with_latest())
    return indicators.select_related("goal__programme").order_by(*IN_ORDER)


class IndicatorListView(PermissionRequiredMixin, FilteredListView):
    request: StaffRequest
    permission_required = "projects.view_programme"
    template_name = "projects/programme/indicator_list.html"
    paginate_by = 30

    def get_queryset(self):
        user = self.request.user
        centres = list(centres_of(user, READERS))
        self.filter_form = IndicatorFilterForm(self.request.GET, centres=centres)
        return _found(self.filter_form, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(query=self.request.GET.urlencode(), **kwargs)


@may_view
def indicators_file(request: StaffRequest) -> HttpResponseBase:
    """What the list shows under the same filters, with every dated value; also with `?as=csv`."""
    form = IndicatorFilterForm(request.GET, centres=list(centres_of(request.user, READERS)))
    found = _found(form, request.user)
    name = f"{_('Indicators')} {timezone.localdate():%Y-%m-%d}"
    if request.GET.get("as") == "csv":
        return attachment(indicators_text(found), f"{name}.csv", csv_text.TYPE)
    return attachment(indicators_workbook(found), f"{name}.xlsx", xlsx.TYPE)


class IndicatorDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "projects.view_programme"
    template_name = "projects/programme/indicator_detail.html"

    def get_queryset(self):
        indicators = Indicator.objects.visible_to(self.request.user).with_latest()
        return indicators.select_related("goal__programme")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        indicator = self.object
        readings = list(indicator.readings.select_related("by"))
        context = {
            "readings": readings[::-1],
            "chart": chart(indicator, readings) if readings else None,
            "finding": finding(indicator),
            "is_leading": indicator.goal.programme.is_led_by(self.request.user),
        }
        return super().get_context_data(**context, **kwargs)


def finding(indicator: Indicator) -> str:
    """The page in one sentence: how much of the way is done, in how much of the time."""
    if indicator.latest_value is None:
        return _("Nothing has been measured since the baseline.")
    said = {"value": indicator.latest, "target": indicator.target, "unit": indicator.unit}
    said |= {"percent": indicator.percent, "time": indicator.percent_of_time}
    if indicator.is_reached:
        return _("Reached: %(value)s %(unit)s, the target is %(target)s.") % said
    if indicator.share and indicator.share < 0:
        return _("Farther away than at the start: %(value)s %(unit)s, target %(target)s.") % said
    return _("%(percent)s %% of the way is done, %(time)s %% of the time is over.") % said


# --- forms -------------------------------------------------------------------------------------


def _indicator(request: StaffRequest, pk: int) -> Indicator:
    indicators = Indicator.objects.led_by(request.user).select_related("goal__programme")
    return get_object_or_404(indicators, pk=pk)


def _ask(request: StaffRequest, form: Any, goal: Goal, heading: str, **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "goal": goal, **more}
    return render(request, "projects/programme/indicator_form.html", context)


def _accepts(form: VersionForm, row: Any, act: Callable[[], None]) -> bool:
    """Whether the service takes what the valid form holds; else the form says why not."""
    try:
        act()
    except ValidationError as refusal:
        form.refuse(refusal)
        if getattr(refusal, "code", "") == "stale":
            form.show_theirs(type(row).objects.get(pk=row.pk))
        return False
    return True


@may_change
def create_indicator(request: StaffRequest, pk: int) -> HttpResponse:
    goals = Goal.objects.led_by(request.user).select_related("programme")
    goal = get_object_or_404(goals, pk=pk)
    indicator = Indicator(goal=goal)
    form = IndicatorForm(request.POST or None, instance=indicator)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and save_once(form, indicator, form.save, field="name"):
        messages.success(request, _("The indicator is saved. Now enter measured values."))
        return redirect(indicator)
    return _ask(request, form, goal, _("New indicator"))


@may_change
def update_indicator(request: StaffRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)
    form = IndicatorForm(request.POST or None, instance=_indicator(request, pk))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        act = partial(services.edit_indicator, indicator, by=request.user, version=version)
        if _accepts(form, indicator, partial(act, **form.changes())):
            messages.success(request, _("Saved."))
            return redirect(indicator)
    return _ask(request, form, indicator.goal, _("Edit the indicator"), indicator=indicator)


@may_change
def create_reading(request: StaffRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)
    reading = Reading(indicator=indicator, by=request.user)
    form = ReadingForm(request.POST or None, instance=reading)
    if request.method == "POST" and form.is_valid():
        add = partial(services.add_reading, reading, by=request.user)
        if save_once(form, reading, add, field="measured_on"):
            messages.success(request, _("The value is saved."))
            return redirect(indicator)
    return _ask(request, form, indicator.goal, _("Enter a value"), indicator=indicator)


@may_change
def update_reading(request: StaffRequest, pk: int, reading_pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)
    reading = get_object_or_404(indicator.readings.all(), pk=reading_pk)
    instance = get_object_or_404(indicator.readings.all(), pk=reading_pk)
    form = ReadingForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        act = partial(services.edit_reading, reading, by=request.user, version=version)
        if _accepts(form, reading, partial(act, **form.changes())):
            messages.success(request, _("Saved."))
            return redirect(indicator)
    return _ask(request, form, indicator.goal, _("Edit a value"), indicator=indicator)
