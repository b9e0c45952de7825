from datetime import UTC, date, datetime

import pytest
import time_machine

from contacts.cases import services as cases
from contacts.consultations import services
from contacts.consultations.links import consultation_of
from contacts.followups import advice, delivering, ticking
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars
from tests.factories.contacts import CaseFactory, ConsultationFactory
from tests.factories.office import MandateFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def no_digests(monkeypatch):
    monkeypatch.setitem(ticking.PARTS, "digests", lambda now: 0)


@pytest.fixture
def asked():
    manager = MandateFactory(role=Role.MANAGER)
    case = CaseFactory(centre=manager.centre, owner=manager.user, reply_by=date(2027, 6, 1))
    return ConsultationFactory(case=case, due_on=MONDAY, email="amt@example.org")


def tick(day, hour=11):
    """One beat of the clock, and the worker that does what it queued; what the office got."""
    before = OutgoingMail.objects.count()
    with time_machine.travel(datetime(2026, 11, day, hour, tzinfo=UTC), tick=False):
        ticking.tick()
        delivering.send_all(delivering.due_ids(datetime.now(UTC)))
    mails = OutgoingMail.objects.order_by("pk")[before:]
    return [mail.subject for mail in mails if mail.to == "amt@example.org"]


def test_office_is_reminded_once_before_and_twice_after_the_day(asked):
    days = {day: len(tick(day)) for day in (18, 19, 20, 21, 23, 24, 25, 26, 27, 30)}

    assert days == {18: 0, 19: 0, 20: 1, 21: 0, 23: 0, 24: 1, 25: 0, 26: 0, 27: 1, 30: 0}
    assert tick(24) == tick(30) == []


def test_answer_to_a_reminder_is_understood(asked):
    (subject,) = tick(24)

    mail = OutgoingMail.objects.get()
    assert "Erinnerung" in subject
    assert consultation_of([mail.message_id]) == asked
    assert (mail.carrier, mail.centre) == (asked.case.carrier, asked.case.centre)
    assert Reminder.objects.get().recipient is None


def test_nobody_is_reminded_outside_the_office_hours(asked):
    assert tick(24, hour=21) == []
    assert len(tick(25)) == 1


def test_case_that_changes_hands_reminds_once(asked):
    colleague = MandateFactory(centre=asked.case.centre, carrier=asked.case.carrier).user
    assert len(tick(24)) == 1
    owner = asked.case.owner
    asked.case.refresh_from_db()
    cases.hand_over(asked.case, to=colleague, by=owner, version=asked.case.version)

    assert tick(25) == []


@pytest.mark.parametrize(
    "settle",
    [
        lambda asked: services.answer(asked, text="Ja", via="link"),
        lambda asked: services.withdraw(asked, by=asked.asked_by),
    ],
)
def test_settled_question_is_not_reminded_of(asked, settle):
    with time_machine.travel(datetime(2026, 11, 24, 21, tzinfo=UTC), tick=False):
        ticking.tick()
    settle(asked)
    sent = OutgoingMail.objects.filter(key__startswith="reminder")

    tick(25)

    assert sent.count() == 0
    assert Reminder.objects.get().skipped_reason != ""


def test_referral_is_followed_up_once_on_its_day(asked):
    type(asked).objects.update(kind="referral")

    assert [len(tick(day)) for day in (20, 23, 24, 27)] == [0, 1, 0, 0]


def test_closed_case_reminds_nobody(asked):
    done = {"outcome": "withdrawn", "outcome_text": "", "by": asked.asked_by}
    cases.close(asked.case, version=asked.case.version, **done)

    assert tick(24) == []


@pytest.mark.parametrize("count", [1, 3])
def test_finding_needs_one_query(asked, count, django_assert_num_queries):
    for _ in range(count - 1):
        ConsultationFactory(case=asked.case, due_on=MONDAY)
    centre = asked.case.centre
    calendar = Calendars().of(centre)
    now = datetime(2026, 11, 24, 11, tzinfo=UTC)

    with django_assert_num_queries(1):
        found = list(advice.find(centre, calendar, now))

    assert len(found) == count
