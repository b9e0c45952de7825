"""Mails of the demo town that were sent long since: nothing leaves the house."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from zentrum.mail.models import OutgoingMail

TAKES = timedelta(seconds=25)


def keep_sent(mails: Iterable[OutgoingMail], at: datetime) -> None:
    """Keep these mails in the outbox: written at that moment, sent at the first attempt."""
    sent_at = at + TAKES
    rows = list(mails)
    for mail in rows:
        mail.pk, mail.attempts, mail.sent_at = None, 1, sent_at
    OutgoingMail.objects.bulk_create(rows)
    kept = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in rows])
    kept.update(created_at=at, updated_at=sent_at)
