from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.intake import services
from contacts.models import Case, Message
from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
BERLIN = timezone.get_default_timezone()
MONDAY = datetime(2026, 11, 23, 10, tzinfo=BERLIN)


@pytest.fixture
def desk():
    return MandateFactory(user__name="Petra Berg", centre=CentreFactory(town__promise_days=5))


def receive(centre, **changes):
    fields = {
        "kind": Case.Kind.IDEA,
        "channel": Case.Channel.ONLINE,
        "subject": "Bänke",
        "text": "Mehr Bänke am Markt.",
        "centre": centre,
        "sender_name": "Ayşe Öztürk",
        "sender_email": "Ayse@Example.org",
    }
    return services.receive(**fields | changes)


@time_machine.travel(MONDAY, tick=False)
def test_matter_gets_reference_owner_promise_message_event_and_receipt(desk):
    case = receive(desk.centre)

    assert case.reference == "V-2026-0001"
    assert (case.owner, case.carrier, case.state) == (desk.user, desk.carrier, "open")
    assert (case.reply_by, case.promised_on) == (date(2026, 11, 30), date(2026, 11, 30))
    assert [(m.kind, m.event, m.text) for m in case.messages.all()] == [
        ("incoming", "", "Mehr Bänke am Markt."),
        ("event", "received", ""),
    ]
    receipt = OutgoingMail.objects.get()
    assert (receipt.to, receipt.is_automatic, receipt.message.event) == (
        "ayse@example.org",
        True,
        "received",
    )
    for part in (case.reference, case.code, "Petra Berg", "/status/", "/bestaetigen/"):
        assert part in receipt.text


def test_receipt_is_queued_after_commit(desk, django_capture_on_commit_callbacks, monkeypatch):
    queued = []
    monkeypatch.setattr("zentrum.mail.tasks.deliver.delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        receive(desk.centre)
        assert queued == []

    assert queued == [OutgoingMail.objects.get().pk]


@pytest.mark.parametrize(("language", "word"), [("de", "Guten Tag"), ("en", "Hello")])
@time_machine.travel(MONDAY, tick=False)
def test_receipt_speaks_the_language_of_the_sender(desk, language, word):
    receive(desk.centre, language=language)

    mail = OutgoingMail.objects.get()
    assert mail.text.startswith(f"{word} Ayşe Öztürk,")
    assert ("Monday" in mail.text, "Montag" in mail.text) == (language == "en", language == "de")


def test_without_address_no_mail_is_written(desk):
    case = receive(desk.centre, sender_email="", sender_phone="030 123", channel="phone")

    assert OutgoingMail.objects.count() == 0
    assert case.messages.count() == 2


def test_matter_taken_down_at_the_counter_gets_a_receipt_without_confirmation(desk):
    receive(desk.centre, channel="counter", created_by=desk.user)

    assert "/bestaetigen/" not in OutgoingMail.objects.get().text


@time_machine.travel(MONDAY, tick=False)
def test_promise_counts_from_the_day_of_receipt_but_not_into_the_past(desk):
    friday = MONDAY - timedelta(days=3)
    assert receive(desk.centre, received_at=friday).reply_by == date(2026, 11, 27)
    long_ago = MONDAY - timedelta(days=60)
    assert receive(desk.centre, received_at=long_ago).reply_by == date(2026, 11, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender_email": "nobody"},
        {"kind": "joke"},
        {"channel": "pigeon"},
        {"subject": "x" * 201},
        {"subject": " "},
        {"sender_phone": "1" * 41},
        {"latitude": 91.0, "longitude": 0.0},
        {"reply_by": date(2020, 1, 1)},
        {"received_at": timezone.now() + timedelta(days=2)},
    ],
    ids=" and ".join,  # without the moment: several processes must collect the same names
)
def test_wrong_values_are_refused_and_nothing_is_kept(desk, wrong):
    with pytest.raises(ValidationError):
        receive(desk.centre, **wrong)

    assert (Case.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert receive(desk.centre).reference.endswith("-0001")


def test_line_breaks_never_reach_the_subject(desk):
    case = receive(desk.centre, subject="Bänke\r\nBcc: all@example.org")

    assert case.subject == "Bänke Bcc: all@example.org"
    assert "\n" not in OutgoingMail.objects.get().subject


def test_nobody_at_the_desk_is_said(db):
    with pytest.raises(ValidationError) as refusal:
        receive(CentreFactory())
    assert refusal.value.code == "nobody"


def test_staff_of_a_second_carrier_file_their_own_case(desk):
    other = MandateFactory(role=Role.DESK, centre=desk.centre, carrier=CarrierFactory())

    case = receive(desk.centre, created_by=other.user)

    assert (case.carrier, case.owner) == (other.carrier, other.user)


def test_text_that_is_missing_is_the_subject(desk):
    case = receive(desk.centre, text="")

    assert case.messages.get(kind=Message.Kind.INCOMING).text == "Bänke"
