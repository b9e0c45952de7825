from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actors.premises import rating
from actors.premises.forms import DayField
from actors.premises.models import Unit, UnitQuerySet
from actors.premises.rating import Rate
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

NEARLY_EQUAL = 0.5  # percentage points; less is no change worth a word
BY_UNITS, BY_AREA = "units", "area"
MEASURES = [(BY_UNITS, gettext_lazy("units")), (BY_AREA, gettext_lazy("floor area"))]


class RateFilter(forms.Form):
    on = DayField(label=gettext_lazy("on the day"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("counted by"), required=False, choices=MEASURES)
    centre = forms.ModelChoiceField(
        Centre.objects.none(),
        label=gettext_lazy("Centre"),
        required=False,
        empty_label=gettext_lazy("all"),
    )

    def __init__(self, data: QueryDict, *, user: User):
        super().__init__(data)
        centres = centres_of(user)
        field: Any = self.fields["centre"]
        field.queryset = centres
        if len(centres) < 2:
            del self.fields["centre"]
        self.is_valid()

    @property
    def day(self) -> date:
        return self.cleaned_data.get("on") or timezone.localdate()

    @property
    def measure(self) -> str:
        return self.cleaned_data.get("by") or BY_UNITS

    def narrow(self, units: UnitQuerySet) -> UnitQuerySet:
        centre = self.cleaned_data.get("centre")
        return units.filter(centre=centre) if centre else units


@permission_required("actors.view_unit", raise_exception=True)
def vacancy_rate(request: StaffRequest) -> HttpResponse:
    form = RateFilter(request.GET, user=request.user)
    units, day, measure = form.narrow(Unit.objects.visible_to(request.user)), form.day, form.measure
    streets = rating.by_street(units, day)
    whole = rating.together(streets, _("Together"), day)
    series = rating.over_time(units, rating.quarter_days(day)) if whole.total else []
    centre = form.cleaned_data.get("centre")
    context = {
        "filter": form,
        "day": day,
        "measure": measure,
        "whole": _row(whole, measure, centre),
        "streets": [_row(rate, measure, centre) for rate in _worst_first(streets, measure)],
        "series": [_row(rate, measure, centre) for rate in series if rate.known],
        "finding": _finding(whole, streets, series, measure),
    }
    return render(request, "actors/premises/vacancy_rate.html", context)


def _worst_first(rates: list[Rate], measure: str) -> list[Rate]:
    return sorted(rates, key=lambda rate: (-(_percent(rate, measure) or -1), rate.label))


def _percent(rate: Rate, measure: str) -> float | None:
    return rate.percent if measure == BY_UNITS else rate.area_percent


def _row(rate: Rate, measure: str, centre: Centre | None) -> dict[str, Any]:
    """A rate with its words and the addresses of the rows behind its figures."""
    percent = _percent(rate, measure)
    base = {"on": rate.day.isoformat()}
    if rate.label and rate.label != _("Together"):
        base["street"] = rate.label
    if centre:
        base["centre"] = str(centre.pk)
    url = reverse("actors:unit_list")
    return {
        "rate": rate,
        "percent": percent,
        "percent_text": "–" if percent is None else f"{_one_place(percent)} %",
        "url": f"{url}?{urlencode(base)}",
        "vacant_url": f"{url}?{urlencode(base | {'state': 'vacant'})}",
        "interim_url": f"{url}?{urlencode(base | {'state': 'interim'})}",
        "unknown_url": f"{url}?{urlencode(base | {'state': 'unknown'})}",
    }


def _one_place(percent: float) -> str:
    return number_format(round(percent, 1), 1)  # number_format alone cuts off


def _finding(whole: Rate, streets: list[Rate], series: list[Rate], measure: str) -> str:
    """What the figures say, in plain words."""
    percent = _percent(whole, measure)
    if percent is None:
        return ""
    text = ngettext(
        "On %(day)s one of %(known)s premises was vacant: %(percent)s %%.",
        "On %(day)s %(vacant)s of %(known)s premises were vacant: %(percent)s %%.",
        whole.vacant,
    )
    if measure == BY_AREA:
        text = _("On %(day)s %(vacant_area)s of %(area)s m² stood vacant: %(percent)s %%.")
    values = {
        "day": date_format(whole.day, "SHORT_DATE_FORMAT"),
        "known": number_format(whole.known),
        "vacant": number_format(whole.vacant),
        "vacant_area": number_format(whole.vacant_area, use_l10n=True, force_grouping=True),
        "area": number_format(whole.area, use_l10n=True, force_grouping=True),
        "percent": _one_place(percent),
    }
    parts = [text % values, _worst(streets, measure), _trend(percent, series, measure)]
    return " ".join(part for part in parts if part)


def _worst(streets: list[Rate], measure: str) -> str:
    ranked = [rate for rate in _worst_first(streets, measure) if _percent(rate, measure)]
    if len(streets) < 2 or not ranked:
        return ""
    values = {"street": ranked[0].label, "percent": _one_place(_percent(ranked[0], measure) or 0)}
    return _("Most of it in %(street)s (%(percent)s %%).") % values


def _trend(percent: float, series: list[Rate], measure: str) -> str:
    """Against a year ago: the fifth of the quarters from the end."""
    before = _percent(series[-5], measure) if len(series) >= 5 else None
    if before is None:
        return ""
    values = {"before": _one_place(before)}
    if abs(percent - before) < NEARLY_EQUAL:
        return _("A year before it was as much.")
    if percent > before:
        return _("That is more than a year before (%(before)s %%).") % values
    return _("That is less than a year before (%(before)s %%).") % values
