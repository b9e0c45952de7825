import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.network import finding
from actors.network.arranging import arrange
from actors.network.forms import NetworkFilter
from actors.network.introducing import IntroductionForm, introduce
from actors.network.loading import (
    Network,
    Node,
    actor_key,
    around,
    load,
    of_kinds,
    of_sector,
)
from zentrum.accounts.requests import StaffRequest

ROWS = 50


@dataclass
class Picture:
    """A network as an address asks for it; `whole` lacks only what the kinds leave out."""

    filter: NetworkFilter
    whole: Network
    shown: Network
    root: str = ""

    @classmethod
    def asked_for(cls, request: StaffRequest) -> "Picture":
        form = NetworkFilter(request.GET, user=request.user)
        chosen = form.chosen
        network = load(request.user, form.day, edge_kinds=chosen.get("edges", ()))
        if "kinds" in chosen:
            network = of_kinds(network, chosen["kinds"])
        picture = cls(form, network, network)
        actor, sector = chosen.get("actor"), form.sector_of("sector")
        if sector:
            picture.shown = of_sector(network, sector.pk)
        if isinstance(actor, Actor) and actor_key(actor.pk) in network.nodes:
            picture.root = actor_key(actor.pk)
            depth = int(chosen.get("depth", "1"))
            kept = set(picture.shown.nodes) | {picture.root}
            picture.shown = around(network, picture.root, depth).within(kept)
        elif "alone" not in chosen:
            shown = picture.shown
            picture.shown = shown.within(key for key, others in shown.neighbours.items() if others)
        return picture


@permission_required("actors.view_actor", raise_exception=True)
def network_data(request: StaffRequest) -> JsonResponse:
    """Nodes with their places, and edges, for the script that draws them."""
    picture = Picture.asked_for(request)
    places = arrange(picture.shown, picture.root)
    nodes = [
        {
            "id": key,
            "name": node.name,
            "kind": node.kind,
            "url": node.url,
            "actor": node.actor_id,
            "degree": len(picture.shown.neighbours[key]),
            "place": places[key],
        }
        for key, node in picture.shown.nodes.items()
    ]
    edges = [
        [edge.source.id, edge.target.id, str(edge.words), edge.kind] for edge in picture.shown.edges
    ]
    ways = [[node.id for node in way] for way in _ways(picture)]
    return JsonResponse({"nodes": nodes, "edges": edges, "root": picture.root, "ways": ways})


def _ways(picture: Picture) -> list[list[Node]]:
    """Those that connect the two sectors asked for, to be marked in the picture."""
    first, second = picture.filter.sector_of("first"), picture.filter.sector_of("second")
    if not first or not second or first == second:
        return []
    return finding.shortest_ways(picture.shown, first, second)


@permission_required("actors.view_actor", raise_exception=True)
def network(request: StaffRequest) -> HttpResponse:
    picture = Picture.asked_for(request)
    edges = sorted(picture.shown.edges, key=lambda edge: edge.source.sort_text)
    context = {
        "filter": picture.filter,
        "root": picture.shown.nodes.get(picture.root),
        "shown": picture.shown,
        "page": Paginator(edges, ROWS).get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        **_findings(picture),
    }
    return render(request, "actors/network/network.html", context)


def _findings(picture: Picture) -> dict[str, Any]:
    holders, bridges = finding.weak_points(picture.whole)
    alone = [node for node in picture.whole.isolated if node.actor_id]
    first, second = picture.filter.sector_of("first"), picture.filter.sector_of("second")
    found: dict[str, Any] = {
        "holders": holders[: finding.MOST],
        "bridges": bridges[: finding.MOST],
        "alone_count": len(alone),
        "alone": Paginator(alone, ROWS).get_page(picture.filter.data.get("alone_page")),
        "missing": finding.missing_sectors(picture.whole),
    }
    if first and second and first != second:
        result = finding.between(picture.whole, first, second)
        found |= {"first": first, "second": second, "between": result}
    return found


@permission_required("actors.introduce_actor", raise_exception=True)
def introduction_create(request: StaffRequest) -> HttpResponse:
    initial: dict[str, Any] = {"submission": uuid.uuid4()}
    for name in ("first", "second"):
        wish = request.GET.get(name, "")
        if wish.isascii() and wish.isdecimal() and len(wish) < 19:
            initial[name] = int(wish)
    form = IntroductionForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        introduce(
            data["first"],
            data["second"],
            by=request.user,
            text=data["text"],
            submission=data["submission"],
        )
        messages.success(request, _("The mail to both is on its way."))
        return redirect(f"{data['first'].get_absolute_url()}#timeline")
    return render(request, "actors/network/introduction_form.html", {"form": form})
