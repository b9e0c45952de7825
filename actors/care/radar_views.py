"""Where care is missing (Kümmerer-Radar): actors, streets and sectors."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.care import services
from actors.care.choosing import CareFilter, RadarFilter
from actors.care.contacts import last_contacts, longest_silent, without_contact
from actors.care.gaps import Street, actors_in, sectors_without_seat, streets_without_idea
from actors.care.models import ContactPerson
from actors.directory.models import Actor, ActorQuerySet, Sector
from actors.directory.places import MOST_PLACES, feature_collection
from zentrum.accounts.requests import StaffRequest

view = permission_required("actors.visit_actor", raise_exception=True)
ROWS = 50
MOST_CHOSEN = 100  # ticks of one form
OF_EACH = 3  # actors of a ticked street or sector that come on the round
GEOJSON = "application/geo+json"


@view
def care_radar(request: StaffRequest) -> HttpResponse:
    chosen = RadarFilter(request.GET, user=request.user)
    page = Paginator(_silent(request, chosen), ROWS).get_page(request.GET.get("page"))
    last = last_contacts([actor.pk for actor in page], request.user)
    query = request.GET.urlencode()
    context = {
        "filter": chosen,
        "months": chosen.chosen_months,
        "page_obj": page,
        "rows": [(actor, last.get(actor.pk)) for actor in page],
        "count": page.paginator.count,
        "most_places": MOST_PLACES,
        "query": f"?{query}" if query else "",
    }
    return render(request, "actors/care/radar.html", context)


@view
def care_geojson(request: StaffRequest) -> JsonResponse:
    actors = _silent(request, RadarFilter(request.GET, user=request.user))
    return JsonResponse(feature_collection(actors), content_type=GEOJSON)


def _silent(request: StaffRequest, chosen: RadarFilter) -> ActorQuerySet:
    """The actors of the filter without contact, by name, with their contact persons of today."""
    actors = chosen.narrow(Actor.objects.visible_to(request.user))
    since = _months_ago(chosen.chosen_months)
    today = timezone.localdate()
    held = ContactPerson.objects.current(today).select_related("user")
    silent = without_contact(actors, request.user, since).order_by("sort_text", "pk")
    return silent.prefetch_related(
        "addresses", Prefetch("contact_persons", queryset=held, to_attr="carers")
    )


def _months_ago(months: int) -> datetime:
    now = timezone.localtime()
    number = now.year * 12 + now.month - 1 - months
    first = now.replace(year=number // 12, month=number % 12 + 1, day=1)
    return first.replace(day=min(now.day, 28))


@view
def care_streets(request: StaffRequest) -> HttpResponse:
    chosen = _centre_filter(request)
    streets = streets_without_idea(_actors(request, chosen), request.user)
    query = request.GET.urlencode()
    context = {
        "filter": chosen,
        "page_obj": Paginator(streets, ROWS).get_page(request.GET.get("page")),
        "count": len(streets),
        "query": f"?{query}" if query else "",
    }
    return render(request, "actors/care/streets.html", context)


@view
def care_streets_geojson(request: StaffRequest) -> JsonResponse:
    streets = streets_without_idea(_actors(request, _centre_filter(request)), request.user)
    features = [_feature(street) for street in streets if street.latitude is not None]
    collection = {"type": "FeatureCollection", "features": features}
    return JsonResponse(collection, content_type=GEOJSON)


def _feature(street: Street) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [street.longitude, street.latitude]},
        "properties": {
            "name": street.name,
            "text": _("Actors: %(number)s") % {"number": street.actors},
        },
    }


@view
def care_sectors(request: StaffRequest) -> HttpResponse:
    chosen = _centre_filter(request)
    today = timezone.localdate()
    sectors = list(sectors_without_seat(_actors(request, chosen), request.user, today))
    context = {"filter": chosen, "sectors": sectors, "count": len(sectors)}
    return render(request, "actors/care/sectors.html", context)


def _centre_filter(request: StaffRequest) -> CareFilter:
    chosen = CareFilter(request.GET, user=request.user)
    for name in ("q", "kind", "person", "street", "sector"):
        del chosen.fields[name]
    return chosen


def _actors(request: StaffRequest, chosen: CareFilter) -> ActorQuerySet:
    return chosen.narrow(Actor.objects.visible_to(request.user))


@view
@require_POST
def round_plan(request: StaffRequest) -> HttpResponse:
    """Take the ticked actors, and some of each ticked street and sector, into a round."""
    day = parse_day(request.POST.get("on", "")) or timezone.localdate()
    try:
        row = services.plan_round(_ticked(request), user=request.user, on=day)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("actors:care_radar")
    messages.success(request, _("The round is in walking order."))
    return redirect(row)


def parse_day(text: str) -> Any:
    try:
        return parse_date(text[:20])
    except ValueError:
        return None


def _ticked(request: StaffRequest) -> list[Actor]:
    actors = Actor.objects.visible_to(request.user).active().select_related("centre")
    chosen = list(actors.filter(pk__in=ticked_ids(request, "actors")).order_by("pk"))
    for street in request.POST.getlist("streets")[:MOST_CHOSEN]:
        within = actors.filter(pk__in=actors_in(street.replace("\0", "")))
        chosen += longest_silent(within, request.user, OF_EACH)
    for sector in Sector.objects.filter(pk__in=ticked_ids(request, "sectors")):
        chosen += longest_silent(actors.filter(sectors=sector), request.user, OF_EACH)
    return list(dict.fromkeys(chosen))


def ticked_ids(request: StaffRequest, name: str) -> list[int]:
    """The ids that a form sends under this name, at most 100; what is no id is left out."""
    given = request.POST.getlist(name)[:MOST_CHOSEN]
    return [int(pk) for pk in given if pk.isdecimal() and pk.isascii() and len(pk) < 19]
