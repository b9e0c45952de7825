"""What another office answers by mail lands in the case as its answer."""

import pytest
from django.utils import timezone

from contacts.consultations import services
from contacts.consultations.services import Letter, Recipient
from contacts.models import Consultation, Message
from tests.contacts.mailbox.corpus.building import PDF, file, multipart, part, plain
from tests.factories.contacts import CaseFactory
from zentrum.office.working_time import OfficeCalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(mailbox, manager):
    case = CaseFactory(
        centre=mailbox.centre,
        carrier=mailbox.carrier,
        owner=manager,
        sender_email="jo@laden.example",
    )
    letter = Letter(
        recipient=Recipient(name="Bauhof", email="bauhof@stadt.example"),
        subject="Kehren",
        text="Wann wird gekehrt?",
        due_on=OfficeCalendar.of(case.centre).add_working_days(timezone.localdate(), 5),
    )
    return services.ask(case, letter, by=manager, version=case.version)


def answers(consultation):
    return f"In-Reply-To: {consultation.mails.get().message_id}"


def test_answer_by_mail_settles_the_question(asked, take_in):
    mail = take_in(
        multipart(
            part("Am Freitag."),
            file(PDF, "plan.pdf"),
            sender="bauhof@stadt.example",
            headers=answers(asked),
        )
    )

    asked.refresh_from_db()
    assert (mail.action, mail.case, asked.state) == ("appended", asked.case, "answered")
    message = mail.message
    assert (message.kind, message.text, message.by_mail) == ("advice", "Am Freitag.", True)
    assert [a.file.name for a in message.attachments.all()] == ["plan.pdf"]


def test_absence_notice_of_the_other_office_answers_nothing(asked, take_in):
    mail = take_in(plain("Weg.", headers=f"Auto-Submitted: auto-replied\n{answers(asked)}"))

    asked.refresh_from_db()
    assert (mail.action, mail.case, asked.state) == ("automatic", asked.case, "asked")
    assert mail.message.event == Message.Event.AUTOMATIC


def test_question_that_did_not_arrive_is_shown_at_the_case(asked, take_in):
    returned = f"Unzustellbar.\n\nMessage-ID: {asked.mails.get().message_id}\n550 5.1.1 unknown"

    mail = take_in(plain(returned, sender="MAILER-DAEMON@mx.example", subject="Undeliverable"))

    assert (mail.action, mail.reason, mail.case) == ("bounce", "failed", asked.case)
    assert Consultation.objects.get().mails.get().is_bounce_permanent
