"""Understand one stored mail, in one transaction: a case, a message, a note, or held back.

The attempt is counted before the work begins, so that a mail that kills its worker is held back
after a few of them and never stops the others.
"""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.mailbox import deciding, parsing
from contacts.mailbox.deciding import Result
from contacts.mailbox.models import IncomingMail, MailIdentifier, Reason
from contacts.mailbox.parsing import Letter

logger = logging.getLogger(__name__)

Action = IncomingMail.Action
MOST_ATTEMPTS = 3
CLAIM = timedelta(minutes=5)  # longer than the largest mail takes; then its worker was killed
PASSING = (OSError, OperationalError, InterfaceError)  # a full disk, a database that restarts


def process(mail_id: int) -> None:
    """Understand the mail unless somebody else has. Running twice does nothing more.

    Raises what may pass by itself (no room on the disk, no database): the mail stays undone.
    """
    if not _begin(mail_id):
        return
    try:
        mails = IncomingMail.objects.select_related("raw").only("mailbox", "raw__content")
        mail = mails.get(pk=mail_id)
        _finish(mail, read(mail))
    except PASSING:
        IncomingMail.objects.filter(pk=mail_id).update(begun_at=None)
        raise
    except Exception as error:  # whatever it was, the mail must not be lost
        logger.exception("The incoming mail %s was not understood", mail_id)
        hold_back(mail_id, Reason.UNREADABLE, f"{type(error).__name__}: {error}")


def _begin(mail_id: int) -> bool:
    """Claim the mail and count the attempt. False when it is done or somebody else is at it, or
    when it was broken off too often.

    Nobody waits for the disk here: what a crash of the database loses is the claim of a worker
    that has lost its work as well.
    """
    now = timezone.now()
    undone = IncomingMail.objects.unprocessed().filter(pk=mail_id)
    is_free = Q(begun_at__isnull=True) | Q(begun_at__lt=now - CLAIM)
    free = undone.filter(is_free)
    mine = free.filter(attempts__lt=MOST_ATTEMPTS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        is_mine = mine.update(attempts=F("attempts") + 1, begun_at=now)
    if is_mine:
        return True
    if free.filter(attempts__gte=MOST_ATTEMPTS).exists():
        hold_back(mail_id, Reason.BROKEN_OFF)
    return False


def read(mail: IncomingMail) -> Letter:
    """Read the raw mail; ValueError when it is no longer kept."""
    if mail.raw is None:
        raise ValueError(_("The raw mail is no longer kept."))
    with mail.raw.content.open("rb") as content:
        return parsing.read(content.file)


@transaction.atomic
def _finish(mail: IncomingMail, letter: Letter) -> None:
    """One mail of a mailbox at a time: two of one thread make one case, not two."""
    undone = IncomingMail.objects.unprocessed().select_for_update(no_key=True)
    mails = undone.select_related("mailbox").only("fingerprint", "mailbox")
    if found := mails.filter(pk=mail.pk).order_by().first():
        fill(found, letter)
        settle(found, letter, deciding.decide(found, letter))


def fill(mail: IncomingMail, letter: Letter) -> None:
    """Write what the mail says of itself into its row."""
    mail.sender, mail.sender_name = letter.sender, letter.sender_name
    mail.subject, mail.people = letter.subject, letter.people
    mail.text, mail.html = letter.text, letter.html


def settle(mail: IncomingMail, letter: Letter, result: Result) -> None:
    """Note what became of the mail, and the ids by which the next one finds the same case."""
    mail.action, mail.reason = result.action, result.reason
    mail.case, mail.message, mail.suggested = result.case, result.message, result.suggested
    mail.detail = result.detail[:300]
    mail.processed_at = timezone.now()
    mail.save()
    values = dict.fromkeys([letter.message_id, *letter.refers_to])
    MailIdentifier.objects.bulk_create(
        [MailIdentifier(mail=mail, value=value) for value in values if value],
        ignore_conflicts=True,
    )


def hold_back(mail_id: int, reason: str, detail: str = "") -> None:
    """Put an undone mail into quarantine, with what can be said about it in one line."""
    IncomingMail.objects.unprocessed().filter(pk=mail_id).update(
        action=Action.QUARANTINED,
        reason=reason,
        detail=" ".join(detail.replace("\0", "").split())[:300],
        processed_at=timezone.now(),
    )
