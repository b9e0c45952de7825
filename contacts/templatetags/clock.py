from typing import Any

from django import template

from contacts.followups import heartbeat

register = template.Library()


@register.inclusion_tag("contacts/followups/_clock_alert.html")
def clock_alert() -> dict[str, Any]:
    """A red box while the clock of the office stands still; one query."""
    ran_at = heartbeat.last_tick()
    return {"is_stale": heartbeat.is_late(ran_at), "ran_at": ran_at}
