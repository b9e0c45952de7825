from typing import Any

from django import template
from django.utils import timezone

from actors.directory.models import Actor
from actors.premises.models import Occupancy, Unit
from actors.premises.requests import SpaceRequest

register = template.Library()
MOST_ROWS = 20


@register.inclusion_tag("actors/premises/_on_actor.html", takes_context=True)
def premises_of_actor(context: template.Context, actor: Actor) -> dict[str, Any]:
    """Where the actor trades or traded, what it owns and what it looks for."""
    user = context["request"].user
    if not user.has_perm("actors.view_unit"):
        return {}
    rows = Occupancy.objects.visible_to(user).filter(actor=actor).select_related("unit")
    owned = Unit.objects.visible_to(user).filter(owner=actor).as_on(timezone.localdate())
    requests = SpaceRequest.objects.visible_to(user).filter(actor=actor)
    return {
        "rows": rows.order_by("-starts_on", "-pk")[:MOST_ROWS],
        "owned": owned.order_by("sort_text", "pk")[:MOST_ROWS],
        "requests": requests.order_by("-pk")[:MOST_ROWS],
    }
