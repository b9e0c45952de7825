"""One beat of the office's clock: find what is due, queue it, sweep what was left."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from actors.exchange.services import resume_stalled
from actors.privacy.services import resume_disclosures
from contacts.cases import escalating
from contacts.followups import delivering, heartbeat, reminding
from contacts.followups.delivery_tasks import send_reminders
from contacts.intake import drafts
from contacts.mailbox import sweeping as mailboxes
from projects.ideas import commenting, supporting
from zentrum.common.queueing import queue
from zentrum.mail.sweeping import sweep

logger = logging.getLogger(__name__)

DRAFTS_KEPT = timedelta(days=30)
TOGETHER = 25  # reminders in one task: they share a connection to the mail server
AT_ONCE = 2000  # reminders queued by one tick; the next one takes the next


def tick(now: datetime | None = None) -> dict[str, int]:
    """Run every part once; returns how much each did.

    It may run late, twice or in two places at once: reminders have unique keys, mails and waiting
    cases are locked rows. A part that fails is logged and counted under `failed` and
    `failed_<part>`; the others run all the same.
    """
    now = now or timezone.now()
    counts = {"failed": 0}
    for name, part in PARTS.items():
        try:
            counts[name] = part(now)
        except Exception:
            logger.exception("The part %s of the tick failed", name)
            counts["failed"] += 1
            counts[f"failed_{name}"] = 1
    heartbeat.beat(now, counts)
    return counts


def queue_due(now: datetime) -> int:
    """Queue the reminders that are due, some at a time; returns how many."""
    due = delivering.due_ids(now)[:AT_ONCE]
    count = 0
    for start in range(0, len(due), TOGETHER):
        some = due[start : start + TOGETHER]
        if not queue(send_reminders, some):
            break  # the broker is down: the next tick tries again
        count += len(some)
    return count


PARTS: dict[str, Callable[[datetime], int]] = {
    "resumed": reminding.resume_waiting,
    "escalated": lambda now: escalating.set_steps(timezone.localdate(now)),
    "reminders": reminding.write_due,
    "digests": reminding.write_digests,
    "queued": queue_due,
    "mails": lambda _now: sweep(),
    "mailboxes": lambda _now: mailboxes.fetch_mailboxes(),
    "incoming": mailboxes.sweep,
    "imports": lambda _now: resume_stalled(),
    "disclosures": resume_disclosures,
    "voices": supporting.forget_unconfirmed,
    "comments": commenting.forget_refused,
    "purged": lambda now: drafts.forget(now - DRAFTS_KEPT),
}
