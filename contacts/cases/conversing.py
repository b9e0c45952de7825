"""What is said in a case: the answer, the note of the office, what the sender writes again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import closing, drafts, mailing, pauses, promising
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import lock, required, save, say
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile
from zentrum.office.working_time import OfficeCalendar

TWIN_WITHIN = timedelta(minutes=10)


@transaction.atomic
def reply(
    case: Case,
    *,
    author: User,
    text: str,
    version: int,
    files: Iterable[StoredFile] = (),
    by_mail: bool = True,
    outlook: mailing.Outlook | None = None,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
) -> Message:
    """Answer the sender: by mail if there is an address, else the answer is noted as given.

    `to` and `cc` are who gets this one mail; the case keeps its sender. The first answer fixes the
    working days it took, and whether the promise was kept. `outlook` is what the mail says about
    how it goes on. The author's draft is used up.
    """
    lock(case, version)
    text = required(text, _("Please write the answer."))
    message = say(case, Message.Kind.OUTGOING, text, author=author, files=files)
    if by_mail and case.sender_email:
        message.mail = mailing.post_answer(case, message, outlook, to=to, cc=cc)
        message.save(update_fields=["mail", "updated_at"])
    now = timezone.now()
    if not case.first_answered_at:
        _note_first_answer(case, now)
    case.last_outgoing_at = now
    case.escalation = Case.Escalation.NONE
    save(case)
    drafts.discard(author, case)
    return message


def _note_first_answer(case: Case, now: datetime) -> None:
    calendar, today = OfficeCalendar.of(case.centre), timezone.localdate(now)
    received_on = timezone.localdate(case.received_at)
    case.first_answer_days = calendar.working_days_between(received_on, today)
    pauses.note_first_answer(case, calendar, today)
    case.first_answered_at = now


@transaction.atomic
def add_note(case: Case, *, author: User, text: str) -> Message:
    """Write down something that only the office reads. Disturbs nobody who edits the case."""
    text = required(text, _("Please write the note."))
    lock(case)
    if twin := _said_before(case, Message.Kind.NOTE, text, author):
        return twin
    return say(case, Message.Kind.NOTE, text, author=author)


@transaction.atomic
def add_incoming(
    case: Case,
    *,
    text: str,
    files: Iterable[StoredFile] = (),
    by_mail: bool = False,
    stranger: str = "",
) -> Message:
    """The sender writes again: unread, taken up again if it waited or was closed.

    By mail perhaps, and then perhaps a `stranger`: an address that the case did not know before.
    """
    lock(case)
    text = required(text, _("Please write your message."))
    files = list(files)
    twin = _said_before(case, Message.Kind.INCOMING, text, None)
    # Who waits was told so after the last message: the same words are an answer then.
    if twin and case.state != Case.State.WAITING and _carries(twin, files):
        return twin
    kind = Message.Kind.INCOMING
    message = say(case, kind, text, files=files, by_mail=by_mail, stranger=stranger)
    if case.is_closed:
        closing.open_again(case, by=None)
    elif case.state == Case.State.WAITING:
        promising.take_up(case, by=None)
    case.last_incoming_at = timezone.now()
    case.read_at = None
    save(case, read=False)
    return message


def _said_before(case: Case, kind: str, text: str, author: User | None) -> Message | None:
    """The newest entry of the locked case, if it says the same: the button was pressed twice."""
    newest = case.messages.exclude(kind=Message.Kind.EVENT).order_by("-pk").first()
    author_id = author.pk if author else None
    if not newest or (newest.kind, newest.text, newest.author_id) != (kind, text, author_id):
        return None
    since = max(timezone.now() - TWIN_WITHIN, case.closed_at or newest.created_at)
    return newest if newest.created_at >= since else None


def _carries(message: Message, files: list[StoredFile]) -> bool:
    """Whether these are the files of the message: the same words may come with another one."""
    kept = message.attachments.values_list("file__sha256", flat=True)
    return sorted(kept) == sorted(file.sha256 for file in files)
