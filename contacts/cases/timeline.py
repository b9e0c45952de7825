"""Lock a case, check that nobody changed it meanwhile, and write its timeline."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.cases.messages import Attachment, Message
from contacts.cases.models import Case
from contacts.cases.periods import promised_days
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail
from zentrum.office.working_time import OfficeCalendar

STALE = _("Somebody else changed this case meanwhile. Please look at what is new and try again.")
FURTHEST = timedelta(days=36525)  # a hundred years
RELATED = ("centre", "carrier", "owner", "created_by", "actor", "idea", "project")


def lock(case: Case, version: int | None = None) -> None:
    """Reload the case under a row lock; ValidationError "stale" if it is not `version` any more."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",)))
    if version is not None and case.version != version:
        raise ValidationError(STALE, code="stale")


def save(case: Case, *, read: bool = True) -> None:
    """Store the locked case as a new version. Who acts on a case has read it."""
    if read and not case.read_at:
        case.read_at = timezone.now()
    case.version += 1
    case.clean_fields(exclude=RELATED)
    case.save()


def say(
    case: Case,
    kind: str,
    text: str,
    *,
    author: User | None = None,
    files: Iterable[StoredFile] = (),
    by_mail: bool = False,
    stranger: str = "",
) -> Message:
    """Append what somebody wrote, with its files; by mail perhaps, and from an unknown address."""
    message = Message.objects.create(
        case=case, kind=kind, author=author, text=text, by_mail=by_mail, stranger=stranger
    )
    kept = {file.pk: file for file in files}
    Attachment.objects.bulk_create(Attachment(message=message, file=file) for file in kept.values())
    return message


def happened(
    case: Case,
    event: str,
    *,
    by: User | None = None,
    text: str = "",
    mail: OutgoingMail | None = None,
) -> Message:
    """Append what happened; without a person it was the sender or the portal itself."""
    return Message.objects.create(
        case=case, kind=Message.Kind.EVENT, event=event, author=by, text=text, mail=mail
    )


def next_promise(case: Case, start: date | None = None) -> date:
    """The day until which the town promises an answer, counted in working days from `start`.

    How many they are depends on the kind of matter.
    """
    calendar = OfficeCalendar.of(case.centre)
    days = promised_days(case.centre.town, case.kind)
    return calendar.add_working_days(start or timezone.localdate(), days)


def check_coming(day: date) -> None:
    """ValidationError when the day is not after today, or further away than anybody works."""
    today = timezone.localdate()
    if day <= today:
        raise ValidationError(_("Choose a day after today."))
    if day > today + FURTHEST:
        raise ValidationError(_("This day is too far away."))


def required(text: str, refusal: str) -> str:
    """The text without surrounding blanks; ValidationError with `refusal` when nothing is left."""
    if not (text := text.strip()):
        raise ValidationError(refusal, code="required")
    return text
