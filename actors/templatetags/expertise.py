from typing import Any

from django import template
from django.template import Context

from actors.directory.models import Actor
from actors.expertise.models import Expertise

register = template.Library()


@register.inclusion_tag("actors/expertise/_on_actor.html", takes_context=True)
def expertise_of_actor(context: Context, actor: Actor) -> dict[str, Any]:
    """What an actor can help with; one query."""
    user = context["request"].user
    rows = Expertise.objects.visible_to(user).filter(actor=actor).select_related("field")
    return {"actor": actor, "rows": rows, "perms": context.get("perms"), "user": user}
