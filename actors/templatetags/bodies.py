from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from actors.bodies.models import Seat
from actors.directory.models import Actor

register = template.Library()


@register.inclusion_tag("actors/bodies/_on_actor.html", takes_context=True)
def bodies_of_actor(context: Context, actor: Actor) -> dict[str, Any]:
    """The bodies in which an actor sits, or that it is itself; one query."""
    user = context["request"].user
    if not user.has_perm("actors.view_body"):
        return {}
    seats = Seat.objects.visible_to(user).current(timezone.localdate())
    held = seats.filter(person=actor) | seats.filter(represents=actor)
    return {
        "actor": actor,
        "seats": held.select_related("body__actor", "person", "represents"),
    }
