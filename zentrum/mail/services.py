"""Every mail of the portal is a row first; see `delivering` for how it leaves."""

import hashlib
from collections.abc import Iterable
from copy import copy
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zentrum.common.queueing import queue_on_commit
from zentrum.files.models import StoredFile
from zentrum.mail import tasks
from zentrum.mail.composing import compose, one_line
from zentrum.mail.models import MailAttachment, OutgoingMail
from zentrum.office.models import Carrier, Centre

HEADERS = {"in_reply_to", "references", "reply_to"}


@transaction.atomic
def post(
    *,
    key: str,
    to: str,
    also_to: Iterable[str] = (),
    cc: Iterable[str] = (),
    files: Iterable[StoredFile] = (),
    hold_seconds: int = 0,
    **letter: Any,
) -> OutgoingMail:
    """Write a mail into the outbox and queue its delivery once this transaction is committed.

    Takes what `draft` takes, and files to attach. `also_to` and `cc` are more recipients: each gets
    a row of their own, a copy of the one that is returned, with the same Message-ID and all visible
    recipients. For `hold_seconds` the mail waits in the outbox, and may be taken back.

    The same key gives the row that is already there: a mail is written once, however often its
    cause repeats. Raises ValidationError when something is no mail address.
    """
    if OutgoingMail.objects.filter(key=key).exists():
        return OutgoingMail.objects.get(key=key)
    mail = draft(key=key, to=to, **letter)
    mail.next_attempt_at += timedelta(seconds=hold_seconds)
    copies = _address(mail, also_to, cc)
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:  # somebody else wrote it at this moment
        return OutgoingMail.objects.get(key=key)
    OutgoingMail.objects.bulk_create(copies)
    MailAttachment.objects.bulk_create(MailAttachment(mail=mail, file=file) for file in files)
    for row in (mail, *copies):
        queue_on_commit(tasks.deliver, row.pk, seconds=hold_seconds)
    return mail


def _address(mail: OutgoingMail, also_to: Iterable[str], cc: Iterable[str]) -> list[OutgoingMail]:
    """Name all recipients in the mail; returns its copies for those after the first one."""
    first = one_line(mail.to)
    named = distinct([first, *also_to])
    copied = distinct([*named, *cc])[len(named) :]
    if len(named) + len(copied) > 1:
        mail.to_header, mail.cc_header = ", ".join(named), ", ".join(copied)
    return [_copy(mail, to, number) for number, to in enumerate([*named[1:], *copied], start=2)]


def distinct(addresses: Iterable[str]) -> list[str]:
    """Each address once, whatever its capitals. ValidationError when one is no mail address."""
    by_address: dict[str, str] = {}
    for address in map(one_line, addresses):
        validate_email(address)
        by_address.setdefault(address.lower(), address)
    return list(by_address.values())


def _copy(mail: OutgoingMail, to: str, number: int) -> OutgoingMail:
    row = copy(mail)
    row.to, row.key, row.copy_of = to, f"{mail.key}#{number}", mail
    return row


def draft(
    *,
    key: str,
    to: str,
    carrier: Carrier | None = None,
    centre: Centre | None = None,
    unsubscribe_url: str = "",
    is_automatic: bool = True,
    is_confidential: bool = False,
    **letter: Any,
) -> OutgoingMail:
    """A mail that is not in the outbox yet, for jobs that save and deliver many of them together.

    `letter`: what `compose` takes (subject, template, context, language), and if needed the headers
    in_reply_to, references and reply_to. `carrier` (that of the centre if not given) decides who
    sees it in the outbox. Raises ValidationError when `to` is no mail address.
    """
    to = one_line(to)
    validate_email(to)
    headers = {name: one_line(letter.pop(name)) for name in HEADERS & letter.keys()}
    written = compose(centre=centre, unsubscribe_url=unsubscribe_url, **letter)
    return OutgoingMail(
        key=key,
        message_id=message_id(key),
        to=to,
        unsubscribe_url=one_line(unsubscribe_url),
        is_automatic=is_automatic,
        is_confidential=is_confidential,
        carrier=carrier or (centre.carrier if centre else None),
        centre=centre,
        **vars(written),
        **headers,
    )


def message_id(key: str) -> str:
    """The Message-ID of the mail with this key, the same on every attempt (RFC 5322)."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}>"


@transaction.atomic
def try_again(mail: OutgoingMail) -> None:
    """Deliver a given-up mail once more, from the first attempt on.

    Raises ValidationError when it is sent or on its way (the button was pressed twice), or when
    its text was confidential and is gone.
    """
    mail.refresh_from_db(from_queryset=OutgoingMail.objects.select_for_update(of=("self",)))
    if not mail.given_up_at:
        raise ValidationError(_("This mail is not given up."), code="not_given_up")
    if mail.is_confidential:
        message = _("The text of this mail was confidential and is no longer kept.")
        raise ValidationError(message, code="confidential")
    mail.given_up_at = None
    mail.attempts = 0
    mail.next_attempt_at = timezone.now()
    mail.settled_at = None
    mail.save(
        update_fields=["given_up_at", "attempts", "next_attempt_at", "settled_at", "updated_at"]
    )
    queue_on_commit(tasks.deliver, mail.pk)


@transaction.atomic
def note_bounce(
    message_id: str, address: str, reason: str, *, is_permanent: bool
) -> OutgoingMail | None:
    """Note that another server sent a mail back (RFC 3464), for the recipient it names.

    `is_permanent`: the address does not work; else the other server goes on trying. What is known
    to be permanent stays so, a repeated report changes nothing. Without the address of a recipient
    (a forwarded mail names another one) it is the mail's only recipient. Returns the delivery, None
    when it is none of ours.
    """
    rows = OutgoingMail.objects.select_for_update(of=("self",)).filter(message_id=message_id)
    mail = _delivery_to(one_line(address), list(rows.order_by("pk")))
    if not mail or mail.is_bounce_permanent:
        return mail
    mail.bounced_at = timezone.now()
    mail.is_bounce_permanent = is_permanent
    mail.bounce_reason = one_line(reason)[:1000]
    if not mail.given_up_at:  # whoever sends it back had accepted it, noted here or not
        mail.sent_at = mail.sent_at or mail.bounced_at
    mail.save()
    return mail


def _delivery_to(address: str, rows: list[OutgoingMail]) -> OutgoingMail | None:
    named = [mail for mail in rows if mail.to.lower() == address.lower()]
    return named[0] if named else rows[0] if len(rows) == 1 else None


def failing_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """Which of these addresses sent a mail back for good, in lower case, and why.

    One query, none without an address.
    """
    bounced = OutgoingMail.objects.filter(bounced_at__isnull=False, is_bounce_permanent=True)
    rows = bounced.to_addresses(addresses).order_by("bounced_at", "pk")
    return {to.lower(): reason for to, reason in rows.values_list("to", "bounce_reason")}


@transaction.atomic
def take_back(mails: Iterable[OutgoingMail]) -> list[OutgoingMail]:
    """Lock all deliveries of these mails, so that no worker sends them; the caller deletes them.

    Raises ValidationError when one of them was attempted, or is being sent at this moment.
    """
    rows = OutgoingMail.objects.with_copies(mail.pk for mail in mails)
    wanted = rows.count()
    locked = list(
        rows.unsent().filter(attempts=0).select_for_update(skip_locked=True, of=("self",))
    )
    if len(locked) < wanted:
        raise ValidationError(_("The mail is already on its way."), code="sent")
    return locked
