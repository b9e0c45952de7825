import pytest
from django.core.exceptions import ValidationError

from tests.concurrency import meet_before, run_at_once
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory, TownFactory
from zentrum.mail import services, sweeping, tasks
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
TEXT = "account/email/login_code_message"


def post(**changes):
    parts = {
        "key": "receipt:1",
        "to": "laden@example.org",
        "subject": "Ihre Anfrage",
        "template": TEXT,
        "context": {"code": "<b>Fünf & mehr</b>"},
    }
    return services.post(**parts | changes)


@pytest.fixture
def queued(monkeypatch):
    """The ids that were queued for delivery."""
    ids = []
    monkeypatch.setattr(tasks.deliver, "delay", ids.append)
    return ids


def test_a_mail_is_queued_once_its_transaction_is_committed(
    queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = post()
        assert queued == []

    assert queued == [mail.pk]


def test_the_same_key_gives_the_same_mail_and_queues_nothing(
    queued, django_capture_on_commit_callbacks
):
    first = post()
    with django_capture_on_commit_callbacks(execute=True):
        assert post(subject="anders") == first

    assert queued == []
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_gives_one_mail(queued, monkeypatch):
    meet_before(monkeypatch, services, "draft")

    mails = run_at_once(post, times=2)

    assert mails == [OutgoingMail.objects.get()] * 2
    assert OutgoingMail.objects.count() == 1
    assert len(queued) == 1


def test_text_is_plain_and_html_escaped():
    mail = post()

    assert "<b>Fünf & mehr</b>" in mail.text
    assert "&lt;b&gt;Fünf &amp; mehr&lt;/b&gt;" in mail.html


def test_a_subject_cannot_smuggle_headers():
    mail = post(subject="Hallo\r\nBcc: alle@example.org\x00\u2028x", in_reply_to="<a@b>\nX-Y: 1")

    assert mail.subject == "Hallo Bcc: alle@example.org x"
    assert mail.in_reply_to == "<a@b> X-Y: 1"


@pytest.mark.parametrize("to", ["", "niemand", "a@b\nBcc: c@d.de", "a@b.de, c@d.de"])
def test_a_malformed_address_is_refused(to):
    with pytest.raises(ValidationError):
        post(to=to)


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "Your code to sign in:"), ("de", "Ihr Code zum Anmelden:")],
)
def test_the_text_is_in_the_language_of_the_receiver(language, line):
    assert line in post(language=language).text


def test_the_office_signs_and_offers_to_stop():
    TownFactory(phone="030 1234", email="buero@musterstadt.de")
    centre = CentreFactory(address="Turmstraße 1")

    text = post(centre=centre, language="en", unsubscribe_url="https://z.example/stop/").text

    assert text.split("-- \n")[1].splitlines() == [
        "Zentrenmanagement Musterstadt",
        "Turmstraße 1",
        "Phone 030 1234",
        "buero@musterstadt.de",
    ]
    assert "https://z.example/stop/" in text


def test_the_carrier_of_the_centre_sees_the_mail():
    centre = CentreFactory()

    assert post(centre=centre).carrier == centre.carrier


def test_message_ids_are_stable():
    assert services.message_id("a") == services.message_id("a") != services.message_id("b")
    assert post().message_id == services.message_id("receipt:1")


def test_a_broken_template_leaves_no_row():
    with pytest.raises(Exception, match="does-not-exist"):
        post(template="does-not-exist")

    assert not OutgoingMail.objects.exists()


def test_sweep_queues_what_is_due_and_unsent(queued):
    due = OutgoingMailFactory()
    OutgoingMailFactory(sent_at="2026-11-01T10:00Z")
    OutgoingMailFactory(given_up_at="2026-11-01T10:00Z")
    OutgoingMailFactory(next_attempt_at="2126-11-01T10:00Z")

    assert sweeping.sweep() == 1

    assert queued == [due.pk]


def test_sweep_stops_at_a_broker_that_is_down(monkeypatch):
    def refuse(pk):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.deliver, "delay", refuse)
    OutgoingMailFactory.create_batch(2)

    assert sweeping.sweep() == 0


def test_a_broker_that_is_down_does_not_stop_the_request(
    monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(pk):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.deliver, "delay", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        mail = post()

    assert sweeping.OutgoingMail.objects.due().get() == mail


def test_try_again_starts_anew(queued, django_capture_on_commit_callbacks):
    mail = OutgoingMailFactory(given_up_at="2026-11-01T10:00Z", attempts=3, last_error="550 no")

    with django_capture_on_commit_callbacks(execute=True):
        services.try_again(mail)

    assert (mail.state, mail.attempts) == ("queued", 0)
    assert queued == [mail.pk]


def test_a_confidential_mail_cannot_be_tried_again():
    mail = OutgoingMailFactory(given_up_at="2026-11-01T10:00Z", is_confidential=True, text="")

    with pytest.raises(ValidationError) as refusal:
        services.try_again(mail)

    assert refusal.value.code == "confidential"


@pytest.mark.django_db(transaction=True)
def test_try_again_pressed_twice_at_once_queues_once(queued):
    pk = OutgoingMailFactory(given_up_at="2026-11-01T10:00Z", attempts=3).pk

    results = run_at_once(lambda: services.try_again(OutgoingMail.objects.get(pk=pk)))

    assert [getattr(result, "code", None) for result in results].count("not_given_up") == 3
    assert queued == [pk]
