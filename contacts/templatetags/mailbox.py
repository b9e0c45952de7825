from typing import TYPE_CHECKING, Any

from django import template
from django.db.models import Exists, OuterRef
from django.template import Context

from contacts.cases.models import Case
from contacts.mailbox.models import IncomingMail, Mailbox
from contacts.mailbox.suggesting import suggestion_for
from zentrum.accounts.roles import LEADING

if TYPE_CHECKING:
    from zentrum.accounts.models import User

register = template.Library()
SHOWN = ("name", "is_active", "host", "failing_since", "carrier", "centre")


@register.inclusion_tag("contacts/mailbox/_alert.html", takes_context=True)
def mailbox_alert(context: Context) -> dict[str, Any]:
    """Which mailboxes of the desk cannot be fetched, and whether mails wait for who sorts them.

    One query.
    """
    user = context["request"].user
    waiting = IncomingMail.objects.quarantined().filter(mailbox=OuterRef("pk"))
    rows = Mailbox.objects.of_desk(user).annotate(has_waiting=Exists(waiting)).only(*SHOWN)
    mailboxes = list(rows)
    return {
        "mailboxes": [mailbox for mailbox in mailboxes if mailbox.is_failing],
        "waiting": any(row.has_waiting and _sorts(user, row) for row in mailboxes),
    }


def _sorts(user: "User", mailbox: Mailbox) -> bool:
    """Whether this person looks through what was held back from the mailbox."""
    leads = any(mandate.covers(mailbox, LEADING) for mandate in user.current_mandates)
    return leads and user.has_perm("contacts.sort_mail")


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
