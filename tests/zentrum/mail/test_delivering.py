import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile

from tests.concurrency import run_at_once, run_beside_locked
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import TownFactory
from zentrum.files.models import StoredFile
from zentrum.mail import delivering
from zentrum.mail.models import MailAttachment, OutgoingMail

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_mail_arrives_with_the_headers_of_automatic_mail(smtp_server):
    TownFactory()
    mail = OutgoingMailFactory(unsubscribe_url="https://zentrum.example/stop/1/", reply_to="a@b.de")

    assert delivering.deliver(mail.pk)

    [message] = smtp_server.messages
    headers = ("Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To", "To")
    assert [message[name] for name in headers] == [
        mail.message_id,
        "auto-generated",
        "All",
        "a@b.de",
        mail.to,
    ]
    assert message["From"].addresses[0].display_name == "Zentrenmanagement Musterstadt"
    assert message["List-Unsubscribe"] == "<https://zentrum.example/stop/1/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.get_body(("plain",)).get_content().strip() == mail.text
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == ("sent", 1, "")


def test_a_mail_of_a_person_answers_in_its_thread_and_is_not_automatic(smtp_server):
    mail = OutgoingMailFactory(
        is_automatic=False, in_reply_to="<1@shop.example>", references="<0@shop.example>"
    )

    delivering.deliver(mail.pk)

    [message] = smtp_server.messages
    headers = ("In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress")
    assert [message[name] for name in headers] == [
        "<1@shop.example>",
        "<0@shop.example>",
        None,
        None,
    ]


def test_files_go_out_with_their_names(smtp_server):
    mail = OutgoingMailFactory()
    file = StoredFile(name="Übersicht.txt", content_type="text/plain", size=5, sha256="0" * 64)
    file.content.save("probe.txt", ContentFile(b"Hallo"))
    MailAttachment.objects.create(mail=mail, file=file)

    delivering.deliver(mail.pk)

    [message] = smtp_server.messages
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Übersicht.txt", "Hallo")


def test_a_sent_mail_is_not_sent_again(smtp_server):
    mail = OutgoingMailFactory()

    assert [delivering.deliver(mail.pk), delivering.deliver(mail.pk)] == [True, False]

    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_mail_send_it_once(smtp_server):
    mail = OutgoingMailFactory()

    results = run_at_once(lambda: delivering.deliver(mail.pk))

    assert sorted(results) == [False, False, False, True]
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_for_one_that_sends_the_mail(smtp_server):
    mail = OutgoingMailFactory()

    assert not run_beside_locked(OutgoingMail.objects.all(), lambda: delivering.deliver(mail.pk))

    assert smtp_server.messages == []


@pytest.mark.parametrize("answer", ["451 busy, try later", "421 closing"])
@time_machine.travel(NOW, tick=False)
def test_a_temporary_refusal_is_noted_and_tried_again_later(smtp_server, answer):
    smtp_server.answer = answer
    mail = OutgoingMailFactory()

    assert not delivering.deliver(mail.pk)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == ("retrying", 1, answer)
    assert mail.next_attempt_at == NOW + timedelta(minutes=1)
    assert not delivering.deliver(mail.pk)  # not due
    mail.refresh_from_db()
    assert mail.attempts == 1


def test_pauses_grow_to_six_hours_and_end_after_five_days(smtp_server):
    smtp_server.answer = "451 busy"
    mail = OutgoingMailFactory(next_attempt_at=NOW)
    pauses = []
    with time_machine.travel(NOW, tick=False) as clock:
        while not mail.given_up_at:
            delivering.deliver(mail.pk)
            mail.refresh_from_db()
            pauses.append(mail.next_attempt_at - datetime.now(UTC))
            clock.move_to(mail.next_attempt_at)

    assert pauses[:3] == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert max(pauses) == timedelta(hours=6)
    assert timedelta(days=4) < mail.given_up_at - NOW < timedelta(days=6)


def test_an_address_that_is_refused_for_good_is_given_up_after_three_attempts(smtp_server):
    smtp_server.answer = "550 no such user"
    mail = OutgoingMailFactory(next_attempt_at=NOW)
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(3):
            assert mail.given_up_at is None
            delivering.deliver(mail.pk)
            mail.refresh_from_db()
            clock.move_to(mail.next_attempt_at)

    assert (mail.state, mail.attempts, mail.last_error) == ("given_up", 3, "550 no such user")


def test_a_message_that_is_refused_for_good_says_why(smtp_server):
    smtp_server.answer_data = "554 looks like spam"
    mail = OutgoingMailFactory()

    delivering.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.last_error == "554 looks like spam"


def test_a_mail_server_that_is_down_is_noted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    mail = OutgoingMailFactory()

    assert not delivering.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == "retrying"
    assert mail.last_error.startswith("ConnectionRefusedError")


def test_a_server_that_takes_the_mail_but_does_not_say_goodbye_sends_it_once(
    smtp_server, monkeypatch
):
    def hang(self):
        self.close()
        raise TimeoutError("timed out")

    monkeypatch.setattr(smtplib.SMTP, "quit", hang)
    mail = OutgoingMailFactory()

    assert delivering.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == "sent"


def test_a_confidential_text_is_wiped_once_sent(smtp_server):
    mail = OutgoingMailFactory(is_confidential=True, text="Ihr Code: ABCD")

    delivering.deliver(mail.pk)

    assert "ABCD" in smtp_server.messages[0].get_body(("plain",)).get_content()
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.html) == ("sent", "", "")


def test_a_confidential_mail_is_given_up_and_wiped_after_half_an_hour(smtp_server):
    smtp_server.answer = "451 busy"
    mail = OutgoingMailFactory(is_confidential=True, next_attempt_at=NOW)
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            delivering.deliver(mail.pk)
            mail.refresh_from_db()
            clock.move_to(mail.next_attempt_at)

    assert (mail.state, mail.attempts, mail.text, mail.html) == ("given_up", 5, "", "")


def test_a_lost_attachment_does_not_stop_the_worker(smtp_server):
    mail = OutgoingMailFactory()
    file = StoredFile(name="weg.txt", content_type="text/plain", size=5, sha256="0" * 64)
    file.content.name = "2026/01/weg.txt"
    file.save()
    MailAttachment.objects.create(mail=mail, file=file)

    assert not delivering.deliver(mail.pk)

    mail.refresh_from_db()
    assert mail.state == "retrying"
    assert mail.last_error.startswith("FileNotFoundError")
    assert smtp_server.messages == []
