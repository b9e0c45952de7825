from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from contacts.followups import beside, heartbeat

register = template.Library()


@register.inclusion_tag("contacts/followups/_clock_alert.html")
def clock_alert() -> dict[str, Any]:
    """A red box while the clock of the office stands still; one query."""
    ran_at = heartbeat.last_tick()
    return {"is_stale": heartbeat.is_late(ran_at), "ran_at": ran_at}


@register.simple_tag(takes_context=True)
def beside_today(context: Context) -> dict[str, Any]:
    """What the day at the desk holds beside cases and milestones, by its kind; empty when free.

    One query, and one more for each kind of which there is something.
    """
    return beside.matters(context["request"].user, timezone.localdate())
