"""How a case ends, with its outcome, and how it opens again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import pauses
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened, lock, next_promise, save
from zentrum.accounts.models import User
from zentrum.office.working_time import OfficeCalendar

Event = Message.Event
NEEDS_WORDS = (Case.Outcome.REFERRED, Case.Outcome.NOT_POSSIBLE, Case.Outcome.DUPLICATE)


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
    if outcome == Case.Outcome.REFERRED and not _is_taken_over(case):
        raise ValidationError(
            _("Nobody has taken the case over yet. Refer it first, and wait for their word.")
        )
    if outcome == Case.Outcome.ADOPTED and not case.idea_id:
        raise ValidationError(_("Adopt the case as an idea first."))


def _is_taken_over(case: Case) -> bool:
    """Whether another institution said that it takes care of the matter (`consultations`)."""
    return case.consultations.filter(kind="referral", state="taken_over").exists()


@transaction.atomic
def reopen(case: Case, *, by: User | None, version: int | None = None) -> None:
    """Open a closed case again, with a new promised date if the old one has passed."""
    lock(case, version)
    if not case.is_closed:
        raise ValidationError(_("The case is open."))
    open_again(case, by=by)
    save(case)


def open_again(case: Case, *, by: User | None) -> None:
    """Open the locked case, with a new promised date if the old one has passed."""
    case.state = Case.State.OPEN
    case.outcome = case.outcome_text = ""
    case.closed_at = None
    case.reply_by = max(case.reply_by, next_promise(case))
    happened(case, Event.REOPENED, by=by)
