from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from contacts.cases.today import MOST
from contacts.followups import heartbeat
from contacts.followups.follow_ups import FollowUp
from zentrum.office.people import stands_in_for

register = template.Library()


@register.inclusion_tag("contacts/followups/_clock_alert.html")
def clock_alert() -> dict[str, Any]:
    """A red box while the clock of the office stands still; one query."""
    ran_at = heartbeat.last_tick()
    return {"is_stale": heartbeat.is_late(ran_at), "ran_at": ran_at}


@register.simple_tag(takes_context=True)
def follow_ups_today(context: Context) -> list[FollowUp]:
    """What this person, and the absent colleagues they stand in for, planned for today or before.

    At most two queries, one on a day without any; the list shows those beyond the first ones.
    """
    user = context["request"].user
    mine = FollowUp.objects.filter(assignee__in=[user.pk, *stands_in_for(user)])
    due = mine.due(timezone.localdate())
    if not due.exists():
        return []
    return list(due.visible_to(user).with_matters().order_by("due_on", "pk")[:MOST])
