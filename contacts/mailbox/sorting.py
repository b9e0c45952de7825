"""Put right what a mail program or a person mixed up: merge cases, move or split off a message.

Both cases are locked in the order of their ids, so that two people who sort the same cases at once
wait for each other. Both timelines say what was done.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import services as cases
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened, lock, save
from contacts.intake import services as intake
from contacts.mailbox.models import IncomingMail
from zentrum.accounts.models import User

Event = Message.Event
MOVED_WITH_THE_CASE = (Message.Kind.INCOMING, Message.Kind.OUTGOING, Message.Kind.NOTE)


@transaction.atomic
def merge(case: Case, into: Case, *, by: User) -> None:
    """Bring everything that was said in a case into another one; the emptied one is closed.

    Later mails to the emptied case find the other one. Raises ValidationError when they are the
    same, belong to different carriers, or one of them was merged before.
    """
    _lock_both(case, into)
    if case.merged_into_id or into.merged_into_id:
        raise ValidationError(_("One of these cases was merged with another one before."))
    case.messages.filter(kind__in=MOVED_WITH_THE_CASE).update(case=into, updated_at=timezone.now())
    IncomingMail.objects.filter(case=case).update(case=into, suggested=None)
    IncomingMail.objects.filter(suggested=case).update(suggested=into)
    case.merged_into = into
    happened(case, Event.MERGED, by=by, text=f"→ {into}")
    happened(into, Event.MERGED, by=by, text=str(case))
    _catch_up(into, case)
    if case.is_closed:
        save(case)
        return
    words = _("Goes on as %(reference)s.") % {"reference": into.reference}
    outcome = Case.Outcome.DUPLICATE
    case.save(update_fields=["merged_into"])
    cases.close(case, outcome=outcome, outcome_text=words, by=by, version=case.version)


def _catch_up(into: Case, case: Case) -> None:
    """The case that goes on knows when the sender wrote last, and is unread."""
    moments = [moment for moment in (into.last_incoming_at, case.last_incoming_at) if moment]
    into.last_incoming_at = max(moments, default=None)
    into.read_at = None
    save(into, read=False)


@transaction.atomic
def move(message: Message, to: Case, *, by: User) -> None:
    """Bring one message of a sender to the case where it belongs, which is open again.

    Raises ValidationError when it is no message of a sender, or the only one of its case.
    """
    case = message.case
    _lock_both(case, to)
    _check_movable(message)
    _carry_over(message, to)
    if to.is_closed:
        cases.reopen(to, by=by)
    happened(case, Event.MOVED, by=by, text=f"→ {to}")
    happened(to, Event.MOVED, by=by, text=str(case))
    _catch_up(to, case)
    save(case)


@transaction.atomic
def split(message: Message, *, by: User) -> Case:
    """Make a case of its own of one message, for who wrote it; no receipt is sent.

    Raises ValidationError when it is no message of a sender, or the only one of its case.
    """
    case = message.case
    lock(case)
    _check_movable(message)
    mail = message.incoming_mails.first()
    is_stranger = bool(message.stranger)
    new = intake.receive(
        kind=case.kind,
        channel=Case.Channel.EMAIL if message.by_mail else case.channel,
        subject=case.subject,
        text=message.text,
        centre=case.centre,
        carrier=case.carrier,
        owner=case.owner,
        sender_name=mail.sender_name if is_stranger and mail else case.sender_name,
        sender_email=message.stranger or case.sender_email,
        created_by=by,
        with_receipt=False,
    )
    new.messages.filter(kind=Message.Kind.INCOMING).delete()
    _carry_over(message, new)
    happened(case, Event.SPLIT, by=by, text=f"→ {new}")
    happened(new, Event.SPLIT, by=by, text=str(case))
    save(case)
    return new


def _carry_over(message: Message, to: Case) -> None:
    message.case = to
    message.stranger = "" if message.stranger == to.sender_email else message.stranger
    message.save(update_fields=["case", "stranger", "updated_at"])
    message.incoming_mails.update(case=to, suggested=None)


def _check_movable(message: Message) -> None:
    message.refresh_from_db(fields=["case", "kind"])
    if message.kind != Message.Kind.INCOMING:
        raise ValidationError(_("Only a message of a sender can be moved."))
    others = message.case.messages.filter(kind=Message.Kind.INCOMING).exclude(pk=message.pk)
    if not others.exists():
        raise ValidationError(_("It is the only message of this case. Merge the cases instead."))


def _lock_both(case: Case, other: Case) -> None:
    if case.pk == other.pk:
        raise ValidationError(_("It belongs to this case already. Choose another one."))
    for each in sorted([case, other], key=lambda row: row.pk):
        lock(each)
    if case.carrier_id != other.carrier_id:
        raise ValidationError(_("The other case belongs to another carrier."))
