from typing import Any

from django import template
from django.db.models import Exists, OuterRef
from django.template import Context

from contacts.cases.models import Case
from contacts.mailbox.models import IncomingMail, Mailbox
from contacts.mailbox.suggesting import suggestion_for

register = template.Library()


@register.inclusion_tag("contacts/mailbox/_alert.html", takes_context=True)
def mailbox_alert(context: Context) -> dict[str, Any]:
    """Which mailboxes of the desk cannot be fetched, and whether mails wait for who sorts them.

    One query.
    """
    user = context["request"].user
    waiting = IncomingMail.objects.visible_to(user).quarantined().filter(mailbox=OuterRef("pk"))
    mailboxes = list(Mailbox.objects.of_desk(user).annotate(has_waiting=Exists(waiting)))
    may_sort = user.has_perm("contacts.sort_mail")
    return {
        "mailboxes": [mailbox for mailbox in mailboxes if mailbox.is_failing],
        "waiting": may_sort and any(mailbox.has_waiting for mailbox in mailboxes),
    }


@register.inclusion_tag("contacts/mailbox/_suggestion.html", takes_context=True)
def case_suggestion(context: Context, case: Case) -> dict[str, Any]:
    """The open case that this one may belong to, for who may merge them. One query at most."""
    user = context["request"].user
    return {
        "case": case,
        "other": suggestion_for(case, user),
        "may_sort": user.has_perm("contacts.sort_mail") and not case.merged_into_id,
        "csrf_token": context.get("csrf_token"),
    }
