"""The vacancy list for everybody: only what the owner agreed to, never the owner."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.premises.listing import LARGEST_AREA
from actors.premises.models import Occupancy, Unit, UnitQuerySet
from actors.premises.places import MOST_PLACES, point, public_position

ON_A_PAGE = 24


@dataclass(frozen=True)
class Offer:
    """What the public may know of a unit."""

    place: str  # the whole address, or only the street
    floor_area: int | None
    text: str
    free: str
    position: tuple[float, float] | None
    is_blurred: bool


class OfferFilter(forms.Form):
    """No search by words: it would tell the house number that is kept back."""

    street = forms.ChoiceField(label=gettext_lazy("Street"), required=False)
    area_from = forms.IntegerField(
        label=gettext_lazy("m² from"), required=False, min_value=0, max_value=LARGEST_AREA
    )
    area_to = forms.IntegerField(
        label=gettext_lazy("m² to"), required=False, min_value=0, max_value=LARGEST_AREA
    )

    def __init__(self, data: QueryDict, *, streets: list[str]):
        super().__init__(data)
        field: Any = self.fields["street"]
        field.choices = [("", gettext_lazy("all")), *((street, street) for street in streets)]
        self.is_valid()

    def narrow(self, units: UnitQuerySet) -> UnitQuerySet:
        chosen = self.cleaned_data
        if street := chosen.get("street"):
            units = units.filter(street=street)
        if (low := chosen.get("area_from")) is not None:
            units = units.filter(floor_area__gte=low)
        if (high := chosen.get("area_to")) is not None:
            units = units.filter(floor_area__lte=high)
        return units


def offered_today(today: date) -> UnitQuerySet:
    """Vacant today, or left today by somebody whom nobody follows; and the owner agreed."""
    followed = Occupancy.objects.filter(unit=OuterRef("pk"), starts_on__gt=today)
    free = Q(now__state=Occupancy.State.VACANT) | (
        Q(now__ends_on=today) & ~Exists(followed.exclude(state=Occupancy.State.VACANT))
    )
    return Unit.objects.offered().as_on(today).filter(free)


def offer(unit: Any) -> Offer:
    is_vacant = unit.now.state == Occupancy.State.VACANT
    return Offer(
        place=unit.street if unit.is_blurred else str(unit),
        floor_area=unit.floor_area,
        text=unit.public_text,
        free=_("vacant") if is_vacant else _("free from tomorrow"),
        position=public_position(unit),
        is_blurred=unit.is_blurred,
    )


def _found(request: HttpRequest) -> tuple[OfferFilter, UnitQuerySet]:
    units = offered_today(timezone.localdate())
    streets = list(units.order_by("street").values_list("street", flat=True).distinct())
    form = OfferFilter(request.GET, streets=streets)
    # By street and size: the order of the houses would tell where a blurred one stands.
    return form, form.narrow(units).order_by("street", "floor_area", "pk")


@login_not_required
def vacancy_public(request: HttpRequest) -> HttpResponse:
    form, units = _found(request)
    page = Paginator(units, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.urlencode()
    context = {
        "filter": form,
        "page_obj": page,
        "count": page.paginator.count,
        "offers": [offer(unit) for unit in page],
        "query": f"?{query}" if query else "",
    }
    return render(request, "actors/premises/vacancy_public.html", context)


@login_not_required
def vacancy_points(request: HttpRequest) -> JsonResponse:
    _form, units = _found(request)
    shown = [offer(unit) for unit in units[:MOST_PLACES]]
    features = [_feature(row) for row in shown if row.position]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


def _feature(row: Offer) -> dict[str, Any]:
    words = [row.free, f"{row.floor_area} m²" if row.floor_area else ""]
    if row.is_blurred:
        words.append(_("somewhere near this point"))
    latitude, longitude = row.position or (0.0, 0.0)
    return point(latitude, longitude, name=row.place, text=", ".join(w for w in words if w))
