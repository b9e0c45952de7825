"""Which period and which centre the city's dashboard is about."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING, Role
from zentrum.common.forms import DateInput
from zentrum.office.access import centres_of
from zentrum.office.choosing import offer_centres
from zentrum.office.models import Centre

READERS = (*LEADING, Role.CITY)
SENSIBLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]


class Period(models.TextChoices):
    THIS_YEAR = "this_year", _("This year")
    LAST_12_MONTHS = "last_12_months", _("Last 12 months")
    LAST_QUARTER = "last_quarter", _("Last quarter")
    CUSTOM = "custom", _("From … to …")


@dataclass(frozen=True)
class Scope:
    """What the figures are about: a person's centres, or one of them, from a day to a day."""

    user: User
    start: date
    end: date
    centres: tuple[Centre, ...]
    centre: Centre | None
    query: str

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Midnight of the first day and midnight after the last one, in office time."""
        first = datetime.combine(self.start, time())
        after = datetime.combine(self.end + timedelta(days=1), time())
        return timezone.make_aware(first), timezone.make_aware(after)

    @property
    def link(self) -> str:
        """The query of a page with the rows of this scope."""
        return f"?{self.query}"


def days_of(period: str, today: date) -> tuple[date, date]:
    """First and last day of a period that is counted from today."""
    if period == Period.LAST_12_MONTHS:
        return _year_before(today) + timedelta(days=1), today
    if period == Period.LAST_QUARTER:
        this_quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        end = this_quarter - timedelta(days=1)
        return date(end.year, end.month - 2, 1), end
    return date(today.year, 1, 1), date(today.year, 12, 31)


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


class DashboardFilterForm(forms.Form):
    period = forms.ChoiceField(label=_("Period"), choices=Period.choices, required=False)
    start = forms.DateField(label=_("from"), widget=DateInput, required=False, validators=SENSIBLE)
    end = forms.DateField(label=_("to"), widget=DateInput, required=False, validators=SENSIBLE)
    centre = forms.TypedChoiceField(label=_("Centre"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.centres = list(centres_of(user, READERS))
        offer_centres(self, self.centres)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("period") == Period.CUSTOM:
            start, end = values.get("start"), values.get("end")
            for name in ("start", "end"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Please enter a day."))
            if start and end and end < start:
                raise ValidationError({"end": _("The end lies before the start.")})
        return values

    def scope(self) -> Scope:
        """What the filled-in fields say; this year and all centres where they are wrong."""
        self.is_valid()
        chosen = self.cleaned_data
        wrong = {"period", "start", "end"} & set(self.errors)
        period = "" if wrong else chosen.get("period") or ""
        start, end = days_of(period, timezone.localdate())
        query = {"period": period or Period.THIS_YEAR.value}
        if period == Period.CUSTOM:
            start, end = chosen["start"], chosen["end"]
            query |= {"start": start.isoformat(), "end": end.isoformat()}
        centre = next((row for row in self.centres if row.pk == chosen.get("centre")), None)
        if centre:
            query["centre"] = str(centre.pk)
        centres = (centre,) if centre else tuple(self.centres)
        return Scope(self.user, start, end, centres, centre, urlencode(query))
