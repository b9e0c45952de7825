"""The hint that comes while somebody types a new actor."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from actors.directory.forms import MOST_ROWS
from actors.directory.models import Actor
from actors.duplicates.hints import MOST, alike, profile_of
from zentrum.accounts.requests import StaffRequest
from zentrum.office.access import centres_of

LEAST_NAME = 90  # while only the name is typed


@permission_required("actors.add_actor", raise_exception=True)
@require_POST
def duplicate_hint(request: StaffRequest) -> HttpResponse:
    """Who may be meant by what stands in the form so far. Writes nothing."""
    wanted = profile_of(_values(request.POST))
    actors = Actor.objects.visible_to(request.user)
    chosen = request.POST.get("centre", "")
    if chosen.isdecimal() and len(chosen) < 19:
        actors = actors.filter(centre__in=centres_of(request.user).filter(pk=chosen))
    hints = [
        hint
        for hint in alike(wanted, actors)
        if hint.comparison.is_proposed
        or hint.is_by_contact
        or hint.comparison.reasons[0]["score"] >= LEAST_NAME
    ]
    context = {"likely": hints[:MOST]}
    return render(request, "actors/duplicates/_hints.html", context)


def _values(data: QueryDict) -> dict[str, Any]:
    fields = ("kind", "name", "given_name", "website")
    values: dict[str, Any] = {name: _text(data, name) for name in fields}
    for name, part in (("emails", "email"), ("phones", "number")):
        given = (_text(data, f"{name}-{number}-{part}") for number in range(MOST_ROWS))
        values[name] = [text for text in given if text]
    return values | {"street": _text(data, "address-street")}


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "").replace("\0", "").strip()[:200]
