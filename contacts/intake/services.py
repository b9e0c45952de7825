"""How matters reach the desk: from the public form, by phone, at the counter, by mail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened, next_promise, say
from contacts.intake import drafts, entries, receipts
from contacts.intake.models import Reason, Submission
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.files.models import StoredFile
from zentrum.office import people
from zentrum.office.models import Carrier, Centre
from zentrum.office.references import next_reference

ONE_LINE = {"subject", "sender_name", "sender_phone", "place"}


@transaction.atomic
def receive(
    *,
    text: str,
    files: Iterable[StoredFile] = (),
    created_by: User | None = None,
    submission: Submission | None = None,
    with_receipt: bool = True,
    by_mail: bool = False,
    **matter: Any,
) -> Case:
    """Make a case with its first message, an owner, a promised date, and mail the receipt.

    `matter`: kind, channel, subject and centre; as far as they are known also sender_name,
    sender_email, sender_phone, language, place, latitude and longitude (degrees, WGS84), actor,
    owner, carrier (else the one who works at the desk), received_at and reply_by. Without
    `reply_by` the promise for this kind counts from the day of receipt (not into the past).
    `submission` becomes this case; its row is locked by the caller, who saw that it is none yet.
    Raises ValidationError when nobody at the desk holds a mandate, or a value is not valid.
    """
    case = _new_case(created_by=created_by, **matter)
    _check(case)
    case.reference = next_reference("V")
    case.save()
    words = text.strip() or case.subject
    say(case, Message.Kind.INCOMING, words, files=files, by_mail=by_mail)
    mail = receipts.post_receipt(case) if case.sender_email and with_receipt else None
    happened(case, Message.Event.RECEIVED, by=created_by, mail=mail)
    if joined := case.idea or case.project:
        happened(case, Message.Event.JOINED, text=str(joined))
    if submission:
        submission.case = case
        submission.save()
    return case


def _new_case(
    *,
    centre: Centre,
    created_by: User | None,
    owner: User | None = None,
    carrier: Carrier | None = None,
    received_at: datetime | None = None,
    reply_by: date | None = None,
    language: str = "de",
    sender_email: str = "",
    **values: Any,
) -> Case:
    received_at = received_at or timezone.now()
    carrier = carrier or _carrier(centre, created_by)
    promised = reply_by or _promise(centre, values.get("kind", ""), received_at)
    for name in ONE_LINE & values.keys():
        values[name] = " ".join(values[name].split())
    return Case(
        centre=centre,
        carrier=carrier,
        owner=owner or _owner(centre, carrier, created_by),
        created_by=created_by,
        sender_email=sender_email.strip().lower(),
        sender_language=language,
        reply_by=promised,
        promised_on=promised,
        promise_ends_on=promised,
        received_at=received_at,
        last_incoming_at=received_at,
        **values,
    )


def _carrier(centre: Centre, created_by: User | None) -> Carrier:
    """The centre's carrier, or the one that staff work for: two at one desk keep own files."""
    mandates = created_by.current_mandates if created_by else []
    own = [m for m in mandates if m.role in OFFICE and m.centre_id in (None, centre.pk)]
    is_its_own = not own or centre.carrier_id in {mandate.carrier_id for mandate in own}
    return centre.carrier if is_its_own else own[0].carrier


def _owner(centre: Centre, carrier: Carrier, created_by: User | None) -> User:
    if created_by and carrier.pk != centre.carrier_id:
        return created_by
    return people.owner_for(centre, carrier=carrier)


def _promise(centre: Centre, kind: str, received_at: datetime) -> date:
    matter = Case(centre=centre, kind=kind)
    promised = next_promise(matter, timezone.localdate(received_at))
    return promised if promised >= timezone.localdate() else next_promise(matter)


def _check(case: Case) -> None:
    """Lengths, choices and addresses; what the database refuses anyway is said in words."""
    if case.received_at > timezone.now():
        raise ValidationError({"received_at": _("The moment of receipt lies in the future.")})
    if case.reply_by < timezone.localdate():
        raise ValidationError({"reply_by": _("The promised date lies in the past.")})
    case.clean_fields(exclude=("reference", "centre", "carrier", "owner", "created_by", "actor"))


@transaction.atomic
def submit(
    token: UUID,
    *,
    data: dict[str, Any],
    uploads: Iterable[UploadedFile] = (),
    language: str,
    suspicion: str = "",
) -> Submission:
    """Hand in the public form, once: the same token again, even at once, changes nothing.

    A suspicious one goes to quarantine without a case and without a mail, and so does one that
    comes while nobody at the desk holds a mandate: nothing is lost, a person looks at it.
    Raises ValidationError when a file is refused.
    """
    submission = drafts.locked(token, language)
    if submission.submitted_at:
        return submission
    drafts.keep_uploads(submission, uploads)
    submission.data = data | {"files": submission.data.get("files", [])}
    submission.submitted_at = timezone.now()
    submission.discarded_at = None
    submission.language = language
    submission.save()
    if suspicion:
        _quarantine(submission, suspicion)
    else:
        _receive_or_quarantine(submission)
    return submission


def _receive_or_quarantine(submission: Submission) -> None:
    try:
        receive(**entries.of(submission), submission=submission)
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "nobody":
            raise
        _quarantine(submission, Reason.NOBODY)


def _quarantine(submission: Submission, reason: str) -> None:
    submission.quarantined_at = timezone.now()
    submission.quarantine_reason = reason
    submission.save()


@transaction.atomic
def release(submission: Submission) -> Case:
    """Take a submission out of quarantine: it becomes a case like any other, receipt included.

    Raises ValidationError when it was discarded, or nobody at the desk holds a mandate.
    """
    drafts.lock(submission)
    if submission.case:
        return submission.case
    if submission.discarded_at or not submission.quarantined_at:
        raise ValidationError(_("This submission is no longer in quarantine."))
    return receive(**entries.of(submission), submission=submission)


@transaction.atomic
def discard(submission: Submission) -> None:
    """Throw a quarantined submission away, with what it holds.

    Raises ValidationError when it has become a case meanwhile.
    """
    drafts.lock(submission)
    if submission.case_id:
        raise ValidationError(_("This submission has already become a case."))
    if not submission.discarded_at:
        drafts.wipe(submission)
