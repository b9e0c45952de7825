from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.care.models import ContactPerson
from actors.directory.models import Actor

register = template.Library()
PAGES = ("care_radar", "care_streets", "care_sectors", "round_list", "handover_list")


@register.inclusion_tag("actors/care/_on_actor.html", takes_context=True)
def care_of_actor(context: Context, actor: Actor) -> dict[str, Any]:
    """Who at the office looks after an actor, before and later too; one query."""
    user = context["request"].user
    today = timezone.localdate()
    rows = list(ContactPerson.objects.visible_to(user).filter(actor=actor).select_related("user"))
    current = [row for row in rows if _holds(row, today)]
    return {
        "actor": actor,
        "current": current[0] if current else None,
        "others": [row for row in rows if row not in current],
        "may_change": user.has_perm("actors.change_actor"),
        "may_visit": user.has_perm("actors.visit_actor") and not actor.archived_at,
        "csrf_token": context.get("csrf_token"),
    }


def _holds(row: ContactPerson, today: Any) -> bool:
    return row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)


@register.inclusion_tag("components/tabs.html", takes_context=True)
def care_tabs(context: Context) -> dict[str, Any]:
    """The pages of care, with the current one marked."""
    labels = (
        _("Actors without contact"),
        _("Streets without an idea"),
        _("Sectors without a seat"),
        _("Rounds"),
        _("Hand-overs"),
    )
    path = context["request"].path
    addresses = [reverse(f"actors:{name}") for name in PAGES]
    here = max((one for one in addresses if path.startswith(one)), key=len, default="")
    items = [
        {"label": label, "url": url, "is_current": url == here}
        for label, url in zip(labels, addresses, strict=True)
    ]
    return {"items": items, "label": _("Care")}
