"""Addresses that open a case without an account: signed, so nobody guesses or forges them."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from contacts.cases.models import Case
from zentrum.common.links import absolute

STATUS = "contacts.cases.status"
CONFIRM = "contacts.cases.confirm"


def status_path(case: Case) -> str:
    return reverse("contacts:case_status", args=[status_token(case)])


def status_url(case: Case) -> str:
    """The full address of the status page, for mails and printed slips."""
    return absolute(status_path(case))


def confirm_url(case: Case) -> str:
    """The full address under which the sender confirms the e-mail address; only ever mailed."""
    return absolute(reverse("contacts:email_confirm", args=[confirm_token(case)]))


def status_token(case: Case) -> str:
    return _signer(STATUS).sign(case.public_id.hex)


def confirm_token(case: Case) -> str:
    return _signer(_confirm_salt(case)).sign(case.public_id.hex)


def case_of_status(token: str) -> Case | None:
    """The case that this signed text opens, or None when it is forged."""
    try:
        public_id = UUID(_signer(STATUS).unsign(token))
    except (BadSignature, ValueError):
        return None
    return _with_details(public_id)


def case_of_confirmation(token: str) -> Case | None:
    """The case whose present e-mail address this signed text confirms, or None."""
    try:
        case = _with_details(UUID(token.partition(".")[0]))
    except ValueError:
        return None
    if not case or not case.sender_email:
        return None
    try:
        _signer(_confirm_salt(case)).unsign(token)
    except BadSignature:
        return None
    return case


def _with_details(public_id: UUID) -> Case | None:
    cases = Case.objects.select_related("owner", "centre__town", "idea")
    return cases.filter(public_id=public_id).first()


def _confirm_salt(case: Case) -> str:
    return f"{CONFIRM}:{case.sender_email.lower()}"


def _signer(salt: str) -> Signer:
    return Signer(salt=salt, sep=".")
