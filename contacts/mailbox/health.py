"""Whether the mailboxes are fetched: noted at each fetch, shown at the desk, mailed once."""

from datetime import datetime, timedelta

from django.utils import timezone

from contacts.mailbox.models import Mailbox
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.mail.services import post
from zentrum.office.models import Mandate

PATIENCE = timedelta(minutes=15)  # a mail server that restarts is nobody's business


def note_success(mailbox: Mailbox) -> None:
    """The outage is over, if there was one."""
    Mailbox.objects.filter(pk=mailbox.pk).update(
        last_success_at=timezone.now(), failing_since=None, last_error=""
    )


def note_failure(mailbox: Mailbox, error: Exception) -> None:
    """Keep what the server said; tell the technical administrator once the outage lasts."""
    now = timezone.now()
    since = mailbox.failing_since or now
    Mailbox.objects.filter(pk=mailbox.pk).update(
        last_error=described(error), last_error_at=now, failing_since=since
    )
    if now - since >= PATIENCE:
        _tell(mailbox, since, described(error))


def described(error: Exception) -> str:
    """What went wrong in one line, without what PostgreSQL cannot store."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")
    return " ".join(text.split())[:500]


def failing_count(now: datetime) -> int:
    """How many mailboxes could not be fetched for a quarter of an hour."""
    return Mailbox.objects.fetched().filter(failing_since__lte=now - PATIENCE).count()


def _tell(mailbox: Mailbox, since: datetime, error: str) -> None:
    """One mail per outage and person: its key names both."""
    for user in _technicians():
        post(
            key=f"mailbox-{mailbox.pk}-outage-{since.isoformat()}-{user.pk}",
            to=user.email,
            subject=f"[Zentrum] Postfach {mailbox.name}",
            template="contacts/email/mailbox_outage",
            context={"mailbox": mailbox, "since": since, "error": error, "person": user},
            centre=mailbox.centre,
            carrier=mailbox.carrier,
        )


def _technicians() -> list[User]:
    mandates = Mandate.objects.current(timezone.localdate()).filter(role=Role.TECHNICAL)
    people = User.objects.filter(pk__in=mandates.values("user"), is_active=True)
    return list(people.order_by("pk"))
