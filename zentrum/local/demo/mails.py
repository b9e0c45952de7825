"""The demo desk's mailbox: an answer, a bounce, an absence notice, a newsletter, one held back."""

from datetime import datetime, time
from io import BytesIO

from django.utils import timezone

from contacts.mailbox import processing, storing
from contacts.models import Case, IncomingMail, Mailbox, Message
from zentrum.local.demo.office import Office
from zentrum.mail.models import OutgoingMail

ADDRESS = "hallo@birkenfurt.example"


def build_mails(office: Office) -> None:
    """Mails as they would come, read by the portal itself, on the morning of a working day.

    The mailbox has no server: nothing is fetched, mails come by `receive_mail`.
    """
    centre = office.centres[0]
    mailbox = Mailbox.objects.create(
        name="Anlaufstelle", address=ADDRESS, carrier=office.carrier, centre=centre
    )
    before = set(Message.objects.values_list("pk", flat=True))
    for raw in _mails():
        mail, _is_new = storing.store(mailbox, BytesIO(raw))
        processing.process(mail.pk)
    _date_back(office, before)


def _mails() -> list[bytes]:
    open_one = Case.objects.filter(state=Case.State.OPEN).exclude(sender_email="").order_by("pk")[0]
    closed = Case.objects.filter(state=Case.State.CLOSED).exclude(sender_email="")
    away = closed.order_by("-pk")[1]
    mailed = OutgoingMail.objects.filter(message__kind=Message.Kind.OUTGOING, copies__isnull=False)
    lost = mailed.distinct().order_by("pk")[0]
    return [
        _mail(
            f"{open_one.sender_name} <{open_one.sender_email}>",
            f"AW: [{open_one.reference}] {open_one.subject}",
            "Guten Tag,\n\nnoch ein Hinweis: Am besten passt es uns vormittags.\n\nViele Grüße\n\n"
            "Am 12.11. um 09:14 schrieb Zentrenmanagement Birkenfurt:\n> Danke für Ihre Nachricht.",
        ),
        _mail(
            f"{away.sender_name} <{away.sender_email}>",
            f"Abwesenheitsnotiz: [{away.reference}] {away.subject}",
            "Ich bin bis Montag nicht im Haus.",
            "Auto-Submitted: auto-replied",
        ),
        _mail(
            "Mail Delivery System <mailer-daemon@mx.example>",
            "Unzustellbar: Ihre Nachricht",
            "Ihre Nachricht konnte nicht zugestellt werden.\n\nbauhof@birkenfurt.example:"
            f" 550 5.1.1 Postfach unbekannt\n\nMessage-ID: {lost.message_id}",
        ),
        _mail(
            "Handelsverband <news@handel.example>",
            "Rundschreiben November",
            "Liebe Mitglieder, anbei das Wichtigste.",
            "List-Id: <news.handel.example>\nPrecedence: bulk",
        ),
        _mail(
            "Markthändlerin",
            "Standplatz auf dem Wochenmarkt",
            "Guten Tag, ist vor dem Rathaus noch ein Platz frei? Bitte rufen Sie mich an.",
        ),
    ]


def _mail(sender: str, subject: str, text: str, headers: str = "") -> bytes:
    head = [
        f"From: {sender}",
        f"To: {ADDRESS}",
        f"Subject: {subject}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *filter(None, headers.split("\n")),
    ]
    return ("\n".join(head) + f"\n\n{text}\n").encode()


def _date_back(office: Office, before: set[int]) -> None:
    """They came on the morning of the last working day, the same on every run."""
    day = office.working_day(-1)
    at = timezone.make_aware(datetime.combine(day, time(8, 20)))
    new = Message.objects.exclude(pk__in=before)
    Case.objects.filter(messages__in=new, last_incoming_at__gt=at).update(last_incoming_at=at)
    new.update(created_at=at, updated_at=at)
    IncomingMail.objects.update(created_at=at, updated_at=at, processed_at=at)
    OutgoingMail.objects.filter(bounced_at__gt=at).update(bounced_at=at)
