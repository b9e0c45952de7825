"""What the desk does with a case. Each step locks the row and refuses what is out of date."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from contacts.cases import drafts, mailing, pauses
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import (
    check_coming,
    happened,
    lock,
    next_promise,
    required,
    save,
    say,
)
from projects.ideas import services as ideas
from projects.ideas.models import Idea
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail
from zentrum.office import people
from zentrum.office.working_time import OfficeCalendar

Event = Message.Event
TWIN_WITHIN = timedelta(minutes=10)
NEEDS_WORDS = (Case.Outcome.REFERRED, Case.Outcome.NOT_POSSIBLE, Case.Outcome.DUPLICATE)


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
    if twin and _carries(twin, files):
        return twin
    kind = Message.Kind.INCOMING
    message = say(case, kind, text, files=files, by_mail=by_mail, stranger=stranger)
    if case.is_closed:
        _open_again(case, by=None)
    elif case.state == Case.State.WAITING:
        _take_up(case, by=None)
    case.last_incoming_at = timezone.now()
    case.read_at = None
    save(case, read=False)
    return message


def _said_before(case: Case, kind: str, text: str, author: User | None) -> Message | None:
    """The newest entry of the locked case, if it says the same: the button was pressed twice."""
    newest = case.messages.exclude(kind=Message.Kind.EVENT).order_by("-pk").first()
    if not newest or (newest.kind, newest.text, newest.author) != (kind, text, author):
        return None
    since = max(timezone.now() - TWIN_WITHIN, case.closed_at or newest.created_at)
    return newest if newest.created_at >= since else None


def _carries(message: Message, files: list[StoredFile]) -> bool:
    """Whether these are the files of the message: the same words may come with another one."""
    kept = message.attachments.values_list("file__sha256", flat=True)
    return sorted(kept) == sorted(file.sha256 for file in files)


@transaction.atomic
def hand_over(case: Case, *, to: User, by: User, version: int, note: str = "") -> None:
    """Give the case to a colleague of the same desk; the new owner finds it unread."""
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case is not handed over. Open it again first."))
    if to == case.owner:
        raise ValidationError(_("%(name)s already has this case.") % {"name": to})
    if not people.colleagues(case.carrier, case.centre).filter(pk=to.pk).exists():
        raise ValidationError(_("%(name)s does not work at this desk.") % {"name": to})
    way = f"{case.owner} → {to}"
    case.owner = to
    save(case)
    case.read_at = None if to != by else case.read_at
    case.save(update_fields=["read_at"])
    happened(case, Event.HANDED_OVER, by=by, text=f"{way}\n{note.strip()}".strip())


@transaction.atomic
def wait(
    case: Case,
    *,
    until: date,
    waiting_for: str,
    by: User,
    version: int,
    waiting_on: str = Case.WaitingOn.THIRD_PARTY,
    tell: bool = True,
) -> None:
    """Set the case aside until a day, with whom and what it waits for.

    No reminder before that day, and the working days until it is taken up again are added to the
    promise. The sender is told by mail, unless somebody has just done so (`tell`).
    """
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case cannot wait. Open it again first."))
    check_coming(until)
    pauses.begin(case, timezone.localdate())
    case.waiting_until, case.waiting_on = until, waiting_on
    case.waiting_for = required(waiting_for, _("Say what the case waits for."))
    save(case)
    words = f"{until:%d.%m.%Y}: {case.waiting_for} ({case.get_waiting_on_display()})"
    event = happened(case, Event.WAITING, by=by, text=words)
    if tell and case.sender_email:
        expected = pauses.expected_end(case, OfficeCalendar.of(case.centre))
        _tell(event, mailing.post_waiting(case, event, expected))


def _tell(event: Message, mail: OutgoingMail) -> None:
    event.mail = mail
    event.save(update_fields=["mail", "updated_at"])


@transaction.atomic
def resume(case: Case, *, by: User | None = None, version: int | None = None) -> None:
    """Take a waiting case up again."""
    lock(case, version)
    if case.state != Case.State.WAITING:
        raise ValidationError(_("The case does not wait."))
    _take_up(case, by=by)
    save(case)


@transaction.atomic
def promise(
    case: Case, *, reply_by: date, reason: str, by: User, version: int, tell: bool = True
) -> None:
    """Promise a new date for the answer; the first promise stays for the yearly figure.

    The sender reads the reason, by mail and on the status page; `tell` is off when an answer that
    just went out says the date.
    """
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case has no date. Open it again first."))
    if reply_by < timezone.localdate():
        raise ValidationError(_("The promised date lies in the past."))
    if reply_by == case.reply_by:
        raise ValidationError(_("This date is promised already. Choose another one."))
    reason = required(reason, _("Please give the reason: the sender reads it."))
    before, case.reply_by = case.reply_by, reply_by
    case.escalation = Case.Escalation.NONE
    save(case)
    way = f"{before:%d.%m.%Y} → {reply_by:%d.%m.%Y}"
    event = happened(case, Event.PROMISED, by=by, text=f"{way}\n{reason}")
    if tell and case.sender_email:
        _tell(event, mailing.post_new_date(case, event, before, reason))


@transaction.atomic
def close(case: Case, *, outcome: str, outcome_text: str, by: User | None, version: int) -> None:
    """Close the case with its outcome; the sender reads the words on the status page."""
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("The case is already closed."))
    outcome_text = outcome_text.strip()
    _check_outcome(case, outcome, outcome_text)
    pauses.end(case, OfficeCalendar.of(case.centre), timezone.localdate())
    case.state, case.escalation = Case.State.CLOSED, Case.Escalation.NONE
    case.outcome, case.outcome_text = outcome, outcome_text
    case.closed_at = timezone.now()
    save(case)
    words = f"{case.get_outcome_display()}\n{outcome_text}".strip()
    happened(case, Event.CLOSED, by=by, text=words)


def _check_outcome(case: Case, outcome: str, outcome_text: str) -> None:
    if outcome not in Case.Outcome.values:
        raise ValidationError(_("Choose what came of it."))
    if outcome in NEEDS_WORDS and not outcome_text:
        raise ValidationError(_("Please give the reason: the sender reads it."))
    if outcome == Case.Outcome.ANSWERED and not case.first_answered_at:
        raise ValidationError(
            _("Nobody has answered yet. Answer first, or choose another outcome.")
        )
    if outcome == Case.Outcome.REFERRED and not is_taken_over(case):
        raise ValidationError(
            _("Nobody has taken the case over yet. Refer it first, and wait for their word.")
        )
    if outcome == Case.Outcome.ADOPTED and not case.idea_id:
        raise ValidationError(_("Adopt the case as an idea first."))


def is_taken_over(case: Case) -> bool:
    """Whether another institution said that it takes care of the matter (`consultations`)."""
    return case.consultations.filter(kind="referral", state="taken_over").exists()


@transaction.atomic
def reopen(case: Case, *, by: User | None, version: int | None = None) -> None:
    """Open a closed case again, with a new promised date if the old one has passed."""
    lock(case, version)
    if not case.is_closed:
        raise ValidationError(_("The case is open."))
    _open_again(case, by=by)
    save(case)


def _open_again(case: Case, *, by: User | None) -> None:
    case.state = Case.State.OPEN
    case.outcome = case.outcome_text = ""
    case.closed_at = None
    case.reply_by = max(case.reply_by, next_promise(case))
    happened(case, Event.REOPENED, by=by)


def _take_up(case: Case, *, by: User | None) -> None:
    before = case.reply_by
    waited = pauses.end(case, OfficeCalendar.of(case.centre), timezone.localdate())
    happened(case, Event.RESUMED, by=by, text=pauses.in_words(before, case.reply_by, waited))


@transaction.atomic
def adopt_as_idea(
    case: Case, *, by: User, title: str, version: int, author_agreed: bool = False
) -> Idea:
    """Make an idea of the case, once. Its author follows the idea by mail.

    The author counts as confirmed when the e-mail address is, or when they agreed at the desk.
    """
    lock(case, version)
    if case.idea_id:
        raise ValidationError(_("The case was already adopted as an idea."))
    first = case.messages.filter(kind=Message.Kind.INCOMING).first()
    agreed_at = timezone.now() if author_agreed else None
    case.idea = ideas.create_idea(
        title=required(title, _("The idea needs a title.")),
        text=first.text if first else case.subject,
        centre=case.centre,
        carrier=case.carrier,
        received_on=timezone.localtime(case.received_at).date(),
        place=case.place,
        latitude=case.latitude,
        longitude=case.longitude,
        author_email=case.sender_email,
        author_name=case.sender_name,
        author_language=case.sender_language,
        author_confirmed_at=case.email_confirmed_at or agreed_at,
    )
    save(case)
    happened(case, Event.ADOPTED, by=by, text=str(case.idea))
    return case.idea


@transaction.atomic
def link_actor(case: Case, *, actor: Actor | None, by: User, version: int) -> None:
    """Say which actor of the directory the sender is, or take that back."""
    lock(case, version)
    if actor and actor.centre_id != case.centre_id:
        raise ValidationError(_("This actor belongs to another centre."))
    before = str(case.actor) if case.actor else "–"
    case.actor = actor
    save(case)
    happened(case, Event.EDITED, by=by, text=f"{before} → {actor or '–'}")


@transaction.atomic
def mark_read(case: Case) -> None:
    """Note that somebody of the desk has read it. Disturbs nobody who edits the case."""
    Case.objects.filter(pk=case.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def confirm_email(case: Case) -> bool:
    """The sender followed the mailed link: the address is theirs. False if it was known before."""
    lock(case)
    if case.email_confirmed_at:
        return False
    case.email_confirmed_at = timezone.now()
    case.save(update_fields=["email_confirmed_at", "updated_at"])
    happened(case, Event.CONFIRMED)
    if case.idea:
        ideas.confirm_author(case.idea)
    return True
