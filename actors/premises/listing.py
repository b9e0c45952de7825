"""Which premises a list, its map, its count and its table show."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from actors.premises.models import Occupancy, Unit, UnitQuerySet
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

UNKNOWN, ARCHIVED = "unknown", "archived"
STATES = [
    ("", _("all")),
    *Occupancy.State.choices,
    (UNKNOWN, _("not known")),
    (ARCHIVED, _("archived")),
]
OFFERED = [("", _("all")), ("yes", _("offered to the public")), ("no", _("not offered"))]
SORTS = {
    "place": (F("sort_text").asc(), F("pk").asc()),
    "-place": (F("sort_text").desc(), F("pk").desc()),
    "area": (F("floor_area").asc(nulls_last=True), F("sort_text").asc(), F("pk").asc()),
    "-area": (F("floor_area").desc(nulls_last=True), F("sort_text").asc(), F("pk").asc()),
    "since": (F("now__starts_on").asc(nulls_last=True), F("sort_text").asc(), F("pk").asc()),
    "-since": (F("now__starts_on").desc(nulls_last=True), F("sort_text").asc(), F("pk").asc()),
}
LARGEST_AREA = 2_147_483_647  # what the column can hold


def streets_of(units: UnitQuerySet) -> list[str]:
    """The streets of these premises by the alphabet, each once."""
    found = units.order_by("street").values_list("street", flat=True).distinct()
    return list(found)


class UnitFilter(forms.Form):
    """What a list of premises may be narrowed to. A value that makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Street, shop")}),
    )
    street = forms.ChoiceField(label=_("Street"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    on = forms.DateField(label=_("on the day"), required=False, widget=DateInput)
    area_from = forms.IntegerField(
        label=_("m² from"), required=False, min_value=0, max_value=LARGEST_AREA
    )
    area_to = forms.IntegerField(
        label=_("m² to"), required=False, min_value=0, max_value=LARGEST_AREA
    )
    offered = forms.ChoiceField(label=_("Vacancy list"), required=False, choices=OFFERED)
    centre = forms.ModelChoiceField(
        Centre.objects.none(), label=_("Centre"), required=False, empty_label=_("all")
    )

    def __init__(self, data: QueryDict, *, user: User, streets: Iterable[str]):
        super().__init__(data)
        names = [(street, street) for street in streets]
        cast("Any", self.fields["street"]).choices = [("", _("all")), *names]
        centres = centres_of(user)
        cast("forms.ModelChoiceField", self.fields["centre"]).queryset = centres
        if len(centres) < 2:
            del self.fields["centre"]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def day(self) -> date:
        """The day whose states the list shows."""
        return self.chosen.get("on") or timezone.localdate()

    def narrow(self, units: UnitQuerySet) -> UnitQuerySet:
        """The premises that fit, each with what stood there on the day (`now`)."""
        chosen, day = self.chosen, self.day
        units = units.as_on(day).filter(_in_state(chosen.get("state", ""), day))
        for name, lookup in (
            ("street", "street"),
            ("centre", "centre"),
            ("area_from", "floor_area__gte"),
            ("area_to", "floor_area__lte"),
        ):
            if name in chosen:
                units = units.filter(**{lookup: chosen[name]})
        if "offered" in chosen:
            units = units.filter(is_offered=chosen["offered"] == "yes")
        return units.matching(chosen.get("q", ""))


def _in_state(state: str, day: date) -> Q:
    there = Q(archived_at__isnull=True) | Q(archived_at__date__gt=day)
    if state == ARCHIVED:
        return ~there
    if state == UNKNOWN:
        return there & Q(now__isnull=True)
    return there & Q(now__state=state) if state else there


def sorted_by(units: UnitQuerySet, wish: str) -> UnitQuerySet:
    return units.order_by(*SORTS.get(wish, SORTS["place"]))


def state_of(unit: Any) -> str:
    """The state on the day of the list in a word; `unit` comes from `UnitQuerySet.as_on`."""
    return unit.now.get_state_display() if unit.now else _now("not known")


def with_place(units: UnitQuerySet) -> UnitQuerySet:
    return units.filter(latitude__isnull=False)


def ordered_units() -> UnitQuerySet:
    return Unit.objects.order_by("sort_text", "pk")
