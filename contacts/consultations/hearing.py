"""Take in what another office says: into the timeline, and back onto the owner's table."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import services as cases
from contacts.cases.conversing import TWIN_WITHIN
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import lock, save, say
from contacts.consultations.models import Consultation
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile


def lock_both(consultation: Consultation) -> Case:
    """Lock the case, then the consultation: everybody in this order."""
    case = consultation.case
    lock(case)
    rows = Consultation.objects.select_for_update(of=("self",))
    consultation.refresh_from_db(from_queryset=rows)
    consultation.case = case
    return case


def check_open(consultation: Consultation) -> None:
    if not consultation.is_open:
        words = _("This is already settled: %(state)s.")
        state = consultation.get_state_display()
        raise ValidationError(words % {"state": state}, code="settled")


def said_before(consultation: Consultation, text: str) -> Message | None:
    """The newest answer, if it says the same: the mail came twice, the button was pressed twice."""
    newest = consultation.answer
    if not newest or newest.text != text:
        return None
    return newest if newest.created_at >= timezone.now() - TWIN_WITHIN else None


def hear(
    consultation: Consultation, text: str, files: Iterable[StoredFile], by: User | None
) -> Message:
    message = say(consultation.case, Message.Kind.ADVICE, text, author=by, files=files)
    message.partner = consultation.name
    message.save(update_fields=["partner", "updated_at"])
    consultation.answer = message
    return message


def settle(consultation: Consultation, state: str) -> None:
    consultation.state = state
    consultation.settled_at = timezone.now()
    consultation.draft = ""


def bring_back(case: Case, consultation: Consultation, by: User | None) -> None:
    """The case lies on the owner's table again, unread unless the owner noted it."""
    if case.is_closed:
        cases.reopen(case, by=by)
    elif consultation.holds_case and case.state == Case.State.WAITING:
        cases.resume(case, by=by)
    is_known = by == case.owner
    case.read_at = case.read_at if is_known else None
    save(case, read=is_known)
