from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.premises import surveying
from actors.premises.listing import streets_of
from actors.premises.models import Occupancy, Unit
from actors.premises.survey_forms import SightingForm, WalkForm
from actors.premises.walk_comparing import compare, earlier_walks
from actors.premises.walks import Sighting, Walk
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once


class WalkListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.view_unit"
    template_name = "actors/premises/walk_list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        walks = Walk.objects.visible_to(self.request.user).select_related("by", "centre")
        counted = walks.annotate(seen=Count("sightings"))
        return counted.order_by("-walked_on", "-pk")


def _walk(request: StaffRequest, pk: int) -> Walk:
    walks = Walk.objects.visible_to(request.user).select_related("by", "centre")
    return get_object_or_404(walks, pk=pk)


@permission_required("actors.change_unit", raise_exception=True)
def walk_create(request: StaffRequest) -> HttpResponse:
    units = Unit.objects.visible_to(request.user).active()
    walk = Walk(by=request.user)
    form = WalkForm(
        request.POST or None, instance=walk, user=request.user, streets=streets_of(units)
    )
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and save_once(form, walk, walk.save):
        return redirect(walk)
    return render(request, "actors/premises/walk_form.html", {"form": form})


@permission_required("actors.view_unit", raise_exception=True)
def walk_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """An open survey is the page for the phone; a finished one says what it found."""
    walk = _walk(request, pk)
    if walk.finished_at:
        return _finished_page(request, walk)
    return _open_page(request, walk)


def _open_page(request: StaffRequest, walk: Walk) -> HttpResponse:
    seen = {row.unit_id: row for row in walk.sightings.all()}
    places = list(walk.units.order_by("sort_text", "pk").values_list("pk", "street"))
    streets = _streets(places, seen)
    street = _chosen_street(request.GET.get("street", ""), streets)
    shown = [pk for pk, name in places if name == street]
    units = Unit.objects.filter(pk__in=shown).as_on(walk.walked_on).order_by("sort_text", "pk")
    context = {
        "walk": walk,
        "cards": [_card(unit, seen.get(unit.pk)) for unit in units],
        "streets": streets,
        "street": street,
        "seen": len([pk for pk, _street in places if pk in seen]),
        "total": len(places),
        "tabs": _tabs(walk, streets, street) if len(streets) > 1 else [],
    }
    return render(request, "actors/premises/walk_open.html", context)


def _streets(places: list[tuple[int, str]], seen: dict[int, Any]) -> dict[str, int]:
    """Each street with the number of its premises that nobody looked at yet."""
    missing: dict[str, int] = {}
    for pk, street in places:
        missing[street] = missing.get(street, 0) + (pk not in seen)
    return missing


def _chosen_street(wish: str, streets: dict[str, int]) -> str:
    if wish in streets:
        return wish
    return next((name for name, left in streets.items() if left), next(iter(streets), ""))


def _tabs(walk: Walk, streets: dict[str, int], street: str) -> list[dict[str, Any]]:
    return [
        {
            "label": name,
            "url": f"{walk.get_absolute_url()}?{urlencode({'street': name})}",
            "count": left or "",
            "is_current": name == street,
        }
        for name, left in streets.items()
    ]


def _card(unit: Any, sighting: Sighting | None) -> dict[str, Any]:
    """One unit on the phone page. The state that is known comes first: Enter then confirms it."""
    known = sighting or unit.now
    states = sorted(Occupancy.State.choices, key=lambda row: not known or row[0] != known.state)
    stored = unit.now.who if unit.now else ""
    return {
        "unit": unit,
        "sighting": sighting,
        "name": sighting.shown_name if sighting else stored,
        "states": [(value, label, bool(known and value == known.state)) for value, label in states],
    }


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def sighting_save(request: StaffRequest, pk: int, unit_pk: int) -> HttpResponse:
    """Tick one unit. With htmx the card comes back alone, without it the page."""
    walk = _walk(request, pk)
    units: Any = walk.units
    unit = get_object_or_404(units.as_on(walk.walked_on), pk=unit_pk)
    form = SightingForm(request.POST)
    error = ""
    if not form.is_valid():
        error = " ".join(str(text) for texts in form.errors.values() for text in texts)
    else:
        try:
            surveying.note_sighting(walk, unit, **form.cleaned_data)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    if request.headers.get("HX-Request"):
        return _card_answer(request, walk, unit, error)
    if error:
        messages.error(request, error)
    query = urlencode({"street": unit.street})
    return redirect(f"{walk.get_absolute_url()}?{query}#unit-{unit.pk}")


def _card_answer(request: StaffRequest, walk: Walk, unit: Unit, error: str) -> HttpResponse:
    sighting = walk.sightings.filter(unit=unit).first()
    context = {
        "walk": walk,
        "card": _card(unit, sighting),
        "error": error,
        "seen": walk.sightings.filter(unit__in=walk.units).count(),
        "total": walk.units.count(),
        "is_alone": True,
    }
    return render(request, "actors/premises/_walk_card.html", context)


@permission_required("actors.change_unit", raise_exception=True)
def walk_finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Look at what will be written, then write it."""
    walk = _walk(request, pk)
    if walk.finished_at:
        return redirect(walk)
    if request.method == "POST":
        try:
            number = surveying.finish_walk(walk)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            text = ngettext(
                "The survey is finished. %(number)s state is new.",
                "The survey is finished. %(number)s states are new.",
                number,
            )
            messages.success(request, text % {"number": number})
        return redirect(walk)
    total, seen = walk.units.count(), walk.sightings.count()
    context = {"walk": walk, "changes": surveying.changes_of(walk), "seen": seen, "total": total}
    return render(request, "actors/premises/walk_finish.html", context)


def _finished_page(request: StaffRequest, walk: Walk) -> HttpResponse:
    others = list(earlier_walks(walk)[:20])
    wish = request.GET.get("with", "")
    earlier = next((row for row in others if str(row.pk) == wish), others[0] if others else None)
    rows = compare(earlier, walk) if earlier else []
    context = {
        "walk": walk,
        "earlier": earlier,
        "others": others,
        "shown": [row for row in rows if row.change],
        "changed": [row for row in rows if row.is_changed],
        "both": [row for row in rows if row.then and row.now],
        "counts": _counts(walk),
    }
    return render(request, "actors/premises/walk_finished.html", context)


def _counts(walk: Walk) -> list[tuple[str, Any, int]]:
    """How often each state was seen: value, word, number."""
    found = dict(walk.sightings.values_list("state").annotate(number=Count("pk")).order_by())
    return [(value, label, found.get(value, 0)) for value, label in Occupancy.State.choices]
