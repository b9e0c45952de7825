"""Fetch the new mails of one mailbox by IMAP. Nothing in the mailbox is moved, marked or deleted.

Each mail is kept before the next one is asked for, and the place in the mailbox is remembered with
it: a fetch that breaks off goes on there, and what is fetched twice is kept once.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db.models import Q
from django.utils import timezone
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, U

from contacts.mailbox import health, storing
from contacts.mailbox.models import IncomingMail, Mailbox, Reason
from contacts.mailbox.processing_tasks import process
from zentrum import env
from zentrum.common.queueing import queue

logger = logging.getLogger(__name__)

TIMEOUT = 30  # seconds for each answer of the server
LEASE = timedelta(minutes=10)  # after which another worker may take over a fetch that broke off
AT_ONCE = 200  # mails; the next tick takes the next
MOST_BYTES = 60 * 1024 * 1024
CLIENTS: dict[str, type[BaseMailBox]] = {
    Mailbox.Security.TLS: MailBox,
    Mailbox.Security.STARTTLS: MailBoxStartTls,
    Mailbox.Security.NONE: MailBoxUnencrypted,
}


def fetch(mailbox_id: int) -> int:
    """Keep the new mails, if nobody else is fetching; returns how many came.

    A failure is noted in the mailbox's row and never raised.
    """
    if not _claim(mailbox_id):
        return 0
    mailbox = Mailbox.objects.select_related("centre__town").get(pk=mailbox_id)
    count = 0
    try:
        for mail in _new_mails(mailbox):
            count += 1
            queue(process, mail.pk)
    except Exception as error:  # whatever it was, the page of the desk must say so
        logger.warning("The mailbox %s could not be fetched: %s", mailbox.pk, error)
        health.note_failure(mailbox, error)
    else:
        health.note_success(mailbox)
    finally:
        Mailbox.objects.filter(pk=mailbox_id).update(fetching_since=None)
    return count


def _claim(mailbox_id: int) -> bool:
    """One fetch of a mailbox at a time; a claim whose worker died ends by itself."""
    now = timezone.now()
    is_free = Q(fetching_since__isnull=True) | Q(fetching_since__lt=now - LEASE)
    mine = Mailbox.objects.fetched().filter(is_free, pk=mailbox_id)
    return bool(mine.update(fetching_since=now))


def _new_mails(mailbox: Mailbox) -> Iterator[IncomingMail]:
    with _signed_in(mailbox) as client:
        client.folder.set(mailbox.folder, readonly=True)
        _follow_validity(mailbox, client)
        for uid in _new_uids(mailbox, client)[:AT_ONCE]:
            mail, is_new = _keep(mailbox, client, uid)
            mailbox.last_uid = int(uid)
            mailbox.save(update_fields=["last_uid", "updated_at"])
            if is_new:
                yield mail


def _signed_in(mailbox: Mailbox) -> BaseMailBox:
    secret = secret_of(mailbox)
    client = CLIENTS[mailbox.security](mailbox.host, mailbox.port, timeout=TIMEOUT)  # type: ignore[call-arg]
    sign_in = client.xoauth2 if mailbox.login == Mailbox.Login.XOAUTH2 else client.login
    try:
        return sign_in(mailbox.user, secret, initial_folder=None)
    except Exception:
        client.client.shutdown()  # nobody else would close the connection
        raise


def secret_of(mailbox: Mailbox) -> str:
    """The password or token from the environment; ImproperlyConfigured when it is not set."""
    return env.text(mailbox.secret_name, expected="the secret of a mailbox")


def _follow_validity(mailbox: Mailbox, client: BaseMailBox) -> None:
    """Numbers of mails hold as long as UIDVALIDITY does (RFC 3501); then all is looked at anew."""
    status = client.folder.status(mailbox.folder, ["UIDVALIDITY"])
    validity = status["UIDVALIDITY"]
    if mailbox.uid_validity != validity:
        mailbox.uid_validity, mailbox.last_uid = validity, 0
        mailbox.save(update_fields=["uid_validity", "last_uid", "updated_at"])


def _new_uids(mailbox: Mailbox, client: BaseMailBox) -> list[str]:
    """Ascending. "n:*" always finds the last mail too, also when its number is below n."""
    criteria = AND(uid=U(str(mailbox.last_uid + 1), "*"), date_gte=mailbox.starts_on)
    found = client.uids(criteria)
    return sorted((uid for uid in found if int(uid) > mailbox.last_uid), key=int)


def _keep(mailbox: Mailbox, client: BaseMailBox, uid: str) -> tuple[IncomingMail, bool]:
    is_too_large = _size(client, uid) > MOST_BYTES
    part = "BODY.PEEK[HEADER]" if is_too_large else "BODY.PEEK[]"
    content = BytesIO(_asked(client, uid, part))
    return storing.store(mailbox, content, reason=Reason.TOO_LARGE if is_too_large else "")


def _size(client: BaseMailBox, uid: str) -> int:
    found = re.search(rb"RFC822\.SIZE (\d+)", _answer(client, uid, "RFC822.SIZE"))
    return int(found[1]) if found else 0


def _asked(client: BaseMailBox, uid: str, part: str) -> bytes:
    _status, parts = client.client.uid("FETCH", uid, f"({part})")
    whole = [part[1] for part in parts if isinstance(part, tuple)]
    if not whole:
        raise OSError("The mail server gave no content for a mail that it had listed.")
    return whole[0]


def _answer(client: BaseMailBox, uid: str, part: str) -> bytes:
    _status, parts = client.client.uid("FETCH", uid, f"({part})")
    return b" ".join(_flat(part) for part in parts)


def _flat(part: Any) -> bytes:
    if isinstance(part, tuple):
        return b" ".join(part)
    return part or b""
