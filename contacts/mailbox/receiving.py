"""Take in one mail from a pipe: keep it, understand it, and say what became of it."""

import logging
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.mailbox import processing, storing
from contacts.mailbox.models import IncomingMail, Mailbox

logger = logging.getLogger(__name__)
Action = IncomingMail.Action


def receive(mailbox: Mailbox, content: IO[bytes]) -> dict[str, Any]:
    """The mail is safe when this returns. Raises OSError when there is no room to keep it."""
    mail, is_new = storing.store(mailbox, content)
    try:
        processing.process(mail.pk)
    except processing.PASSING:  # it is kept; the tick tries again
        logger.exception("The incoming mail %s waits for the tick", mail.pk)
    mail.refresh_from_db()
    return report(mail, is_new=is_new)


def report(mail: IncomingMail, *, is_new: bool = True) -> dict[str, Any]:
    """One line for whoever pipes mails in."""
    waits = not mail.action
    action = mail.action if is_new else Action.DUPLICATE
    return {
        "action": str(Action.QUARANTINED if waits else action),
        "case": mail.case.reference if mail.case else None,
        "message": mail.message_id,
        "reason": "waits" if waits else str(mail.reason if is_new else "known") or None,
    }


def mailbox_named(name: str | None) -> Mailbox:
    """The active mailbox of this name or address, or the only one.

    Raises ValidationError with what to write when there is none, or when there are several.
    """
    found = Mailbox.objects.filter(is_active=True).select_related("centre", "carrier")
    boxes = [box for box in found.order_by("name") if name in (None, box.name, box.address)]
    if len(boxes) == 1:
        return boxes[0]
    if not boxes:
        raise ValidationError(_("There is no such active mailbox. Set one up under Office first."))
    names = ", ".join(box.name for box in boxes)
    raise ValidationError(_("Name one of these mailboxes: %(names)s.") % {"names": names})
