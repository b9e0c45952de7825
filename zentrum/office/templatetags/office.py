from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

SECTIONS = (
    (_("Town and centres"), "settings"),
    (_("Closing days"), "closingday_list"),
    (_("Absences"), "absence_list"),
    (_("Carriers"), "carrier_list"),
    (_("Holidays"), "holiday_list"),
)


@register.simple_tag(takes_context=True)
def office_sections(context: Context) -> list[dict[str, Any]]:
    """The pages of the office's settings, for {% tabs %}."""
    path = context["request"].path
    urls = [(label, reverse(f"office:{name}")) for label, name in SECTIONS]
    return [{"label": label, "url": url, "is_current": url == path} for label, url in urls]
