from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from actors.directory.models import Actor
from actors.privacy.models import Consent

register = template.Library()


@register.inclusion_tag("actors/privacy/_on_actor.html", takes_context=True)
def privacy_of_actor(context: Context, actor: Actor) -> dict[str, Any]:
    """The consents of an actor, current ones first; one query."""
    user, today = context["request"].user, timezone.localdate()
    rows = list(Consent.objects.visible_to(user).filter(actor=actor))
    current = [c for c in rows if c.withdrawn_on is None or c.withdrawn_on > today]
    past = [c for c in rows if c not in current]
    csrf, perms = context.get("csrf_token"), context.get("perms")
    return {"actor": actor, "current": current, "past": past, "perms": perms, "csrf_token": csrf}
