from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

SECTIONS = (
    (_("Town and centres"), "office:settings"),
    (_("Reply periods"), "contacts:reply_periods"),
    (_("Closing days"), "office:closingday_list"),
    (_("Absences"), "office:absence_list"),
    (_("Carriers"), "office:carrier_list"),
    (_("Mailboxes"), "contacts:mailbox_list"),
    (_("Holidays"), "office:holiday_list"),
)


@register.simple_tag(takes_context=True)
def office_sections(context: Context) -> list[dict[str, Any]]:
    """The pages of the office's settings, for {% tabs %}."""
    path = context["request"].path
    urls = [(label, reverse(name)) for label, name in SECTIONS]
    return [{"label": label, "url": url, "is_current": url == path} for label, url in urls]
