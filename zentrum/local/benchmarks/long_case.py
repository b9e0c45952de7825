"""A case of which people have written to each other two hundred times."""

from contacts.models import Case, Message
from zentrum.local.benchmarks.loading import Office
from zentrum.mail.models import OutgoingMail

MESSAGES = 200
TEXT = "Vielen Dank für Ihre Nachricht. Der Bauhof sieht sich die Stelle in dieser Woche an. " * 3


def long_case(office: Office) -> Case:
    """An open case of the manager with that many entries, every second an answer by mail."""
    case = Case.objects.filter(owner=office.manager, state=Case.State.OPEN).earliest("pk")
    case.sender_email = "laden@example.org"
    case.save()
    missing = MESSAGES - case.messages.count()
    for number in range(missing):
        mail = _mail(case, number) if number % 2 else None
        kind = Message.Kind.OUTGOING if mail else Message.Kind.INCOMING
        author = office.manager if mail else None
        Message.objects.create(case=case, kind=kind, author=author, text=TEXT, mail=mail)
    return case


def _mail(case: Case, number: int) -> OutgoingMail:
    return OutgoingMail.objects.create(
        key=f"bench:{case.pk}:{number}",
        message_id=f"<bench-{case.pk}-{number}@zentrum.localhost>",
        to=case.sender_email,
        subject=case.subject,
        text=TEXT,
        carrier_id=case.carrier_id,
        centre_id=case.centre_id,
        sent_at=case.received_at,
        attempts=1,
    )
