"""Take back an answer that was sent a moment ago, with all that the step changed.

What the step changed is remembered for a few minutes only, outside the database: without it the
answer can no longer be taken back, which is no loss. Whether it may be taken back is decided by the
locked rows of the case and of its mails.
"""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.cases import drafts
from contacts.cases.messages import Message, ReplyDraft
from contacts.cases.models import Case
from contacts.cases.timeline import lock
from zentrum.accounts.models import User
from zentrum.mail import services as mails
from zentrum.mail.models import OutgoingMail

REMEMBERED = 600  # seconds; the mail leaves much earlier
STAYING = {"id", "version", "created_at", "updated_at"}


@dataclass(frozen=True)
class Step:
    """What an answer changed: the fields of the case before it, the entries that it wrote."""

    version: int
    before: dict[str, Any]
    entries: list[int]
    cc: list[str]
    to: list[str]


def snapshot(case: Case) -> dict[str, Any]:
    fields = [field for field in Case._meta.concrete_fields if not field.generated]
    return {f.attname: getattr(case, f.attname) for f in fields if f.attname not in STAYING}


def remember(case: Case, message: Message, before: dict[str, Any]) -> None:
    """Once the answer is committed, remember how to take it back. `before`: a `snapshot`."""
    changed = {name: before[name] for name, now in snapshot(case).items() if before[name] != now}
    entries = case.messages.filter(pk__gte=message.pk).values_list("pk", flat=True)
    to, cc = message.mail.visible_recipients if message.mail else ([], [])
    step = Step(case.version, changed, list(entries), cc=cc, to=to)
    transaction.on_commit(lambda: cache.set(_key(message.pk), step, REMEMBERED))


@transaction.atomic
def take_back(case: Case, message_id: int, *, by: User) -> ReplyDraft:
    """Undo the answer: its text, recipients and files are the author's draft again.

    Raises ValidationError when a worker has the mail, when the case was changed since, or when it
    is too late. Pressed twice, the second one finds nothing to take back.
    """
    lock(case)
    answers = case.messages.select_related("mail").filter(kind=Message.Kind.OUTGOING, author=by)
    message = answers.filter(pk=message_id).first()
    step = cache.get(_key(message_id)) if message else None
    if not (message and message.mail and step):
        raise ValidationError(_("This answer can no longer be taken back."), code="late")
    if case.version != step.version:
        raise ValidationError(
            _("Somebody changed the case after your answer: it can no longer be taken back."),
            code="stale",
        )
    entries = case.messages.filter(pk__in=step.entries)
    held = mails.take_back(OutgoingMail.objects.filter(message__in=entries))
    draft = _draft_again(case, message, step, by)
    entries.delete()
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in held]).delete()
    _restore(case, step)
    return draft


def _draft_again(case: Case, message: Message, step: Step, by: User) -> ReplyDraft:
    """What the author has begun to write since stays below the text that comes back."""
    begun = drafts.of(by, case)
    text = "\n\n".join(filter(None, [message.text, begun.text if begun else ""]))
    draft = drafts.save(by, case, text=text, to=", ".join(step.to), cc=", ".join(step.cc))
    draft.files.add(*message.attachments.values_list("file", flat=True))
    return draft


def _restore(case: Case, step: Step) -> None:
    for name, value in step.before.items():
        setattr(case, name, value)
    case.version += 1
    case.save()
    transaction.on_commit(lambda: cache.delete_many(_key(pk) for pk in step.entries))


def _key(message_id: int) -> str:
    return f"sent-step-{message_id}"
