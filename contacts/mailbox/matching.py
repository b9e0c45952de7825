"""Find the case that a mail belongs to: by our Message-ID, by any id of its thread, by reference.

Never by the words of the subject: those only make a suggestion, which a person follows or not.
"""

from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz

from contacts.cases.models import Case
from contacts.mailbox import subjects
from contacts.mailbox.models import IncomingMail, Mailbox, MailIdentifier
from contacts.mailbox.parsing import Letter
from zentrum.mail.models import OutgoingMail

SIMILAR = 80  # of 100, rapidfuzz's ratio of the sorted words
LOOKED_AT = 20  # open cases of the same sender


@dataclass(frozen=True)
class Match:
    """The case of a mail, whether its sender is new to it, or a case that a person may choose."""

    case: Case | None = None
    is_stranger: bool = False
    suggested: Case | None = None


def find(letter: Letter, mailbox: Mailbox) -> Match:
    case = _of_our_mail(letter)
    is_known = case is not None and knows(case, letter)
    if not case and (case := _of_thread(letter)):
        is_known = True
    if not case and (case := _of_reference(letter.subject)):
        is_known = knows(case, letter)
    if not case:
        return Match(suggested=_similar(letter, mailbox))
    case = _last(case)
    if letter.is_forward and not is_known:
        return Match(suggested=case if case.carrier_id == mailbox.carrier_id else None)
    return Match(case, is_stranger=not is_known)


def knows(case: Case, letter: Letter) -> bool:
    """Whether the sender is a correspondent: who sent the case, or was part of its mails before."""
    addresses = {letter.sender, letter.answers_to} - {""}
    if case.sender_email and case.sender_email in addresses:
        return True
    if case.actor and case.actor.emails.filter(email__in=addresses).exists():
        return True
    earlier = IncomingMail.objects.filter(case=case)
    named = [Q(people__contains=[address]) for address in addresses]
    return earlier.filter(Q(*named, _connector=Q.OR)).exists()


def _of_our_mail(letter: Letter) -> Case | None:
    """The case of the nearest mail of ours that it answers."""
    if not letter.ours:
        return None
    found = {
        mail.message_id: mail.message.case
        for mail in OutgoingMail.objects.filter(
            message_id__in=letter.ours, message__isnull=False
        ).select_related("message__case")
    }
    return next((found[value] for value in letter.refers_to if value in found), None)


def _of_thread(letter: Letter) -> Case | None:
    """The case of an earlier mail that shares an id with this one, among the same people."""
    values = {letter.message_id, *letter.refers_to} - {""}
    bearing = MailIdentifier.objects.filter(value__in=values, mail__case__isnull=False)
    mails = bearing.order_by("-mail_id").values_list("mail", "mail__case").distinct()[:LOOKED_AT]
    ids = [case for _mail, case in mails]
    if not (cases := Case.objects.in_bulk(ids)):
        return None
    return next((cases[pk] for pk in ids if knows(cases[pk], letter)), None)


def _of_reference(subject: str) -> Case | None:
    reference = subjects.reference(subject)
    return Case.objects.filter(reference=reference).first() if reference else None


def _last(case: Case) -> Case:
    """Where a merged case went on."""
    seen = {case.pk}
    while case.merged_into and case.merged_into_id not in seen:
        case = case.merged_into
        seen.add(case.pk)
    return case


def _similar(letter: Letter, mailbox: Mailbox) -> Case | None:
    """An open case of the same sender about much the same: a suggestion only."""
    words = subjects.stripped(letter.subject)
    theirs = Case.objects.open().filter(
        sender_email__in={letter.sender, letter.answers_to} - {""}, carrier=mailbox.carrier_id
    )
    for pk, subject in theirs.order_by("-pk").values_list("pk", "subject")[:LOOKED_AT]:
        other = subjects.stripped(subject)
        if words and fuzz.token_sort_ratio(words.lower(), other.lower()) >= SIMILAR:
            return Case.objects.get(pk=pk)
    return None
