"""Every mail of the portal is a row first; see `delivering` for how it leaves."""

import hashlib
from collections.abc import Iterable
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
def post(*, key: str, files: Iterable[StoredFile] = (), **letter: Any) -> OutgoingMail:
    """Write a mail into the outbox and queue its delivery once this transaction is committed.

    Takes what `draft` takes, and files to attach. The same key gives the row that is already there:
    a mail is written once, however often its cause repeats. Raises ValidationError when `to` is no
    mail address.
    """
    if existing := OutgoingMail.objects.filter(key=key).first():
        return existing
    mail = draft(key=key, **letter)
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:  # somebody else wrote it at this moment
        return OutgoingMail.objects.get(key=key)
    MailAttachment.objects.bulk_create(MailAttachment(mail=mail, file=file) for file in files)
    queue_on_commit(tasks.deliver, mail.pk)
    return mail


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
    mail.save(update_fields=["given_up_at", "attempts", "next_attempt_at", "updated_at"])
    queue_on_commit(tasks.deliver, mail.pk)
