"""What becomes due on the day itself, when the digest of the morning is out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from contacts.followups import delivering, reminding
from contacts.followups.models import Reminder
from contacts.models import Case
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory, FollowUpFactory, ReminderSettingsFactory
from tests.factories.office import MandateFactory, OfficeHoursFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
HELD = "It came after the digest: a mail of its own, if it is still open then."
Kind = Reminder.Kind

pytestmark = pytest.mark.django_db


def at(clock, day=MONDAY):
    return datetime.combine(day, time.fromisoformat(clock), BERLIN)


def german(text, **values):
    with translation.override("de"):
        return gettext(text) % values


@pytest.fixture
def manager(db):
    """Their digest of Monday morning is out."""
    mandate = MandateFactory(role=Role.MANAGER)
    for weekday in range(5):
        OfficeHoursFactory(centre=mandate.centre, weekday=weekday)
    return mandate


def work(moment):
    """The tick's finding and the worker's delivery at one moment, each done twice."""
    with time_machine.travel(moment, tick=False):
        for _time in range(2):
            reminding.resume_waiting(moment)
            reminding.write_due(moment)
            reminding.write_digests(moment)
            delivering.send_all(delivering.due_ids(moment))


def case_for(mandate, **fields):
    fields = {"reply_by": MONDAY, "read_at": at("00:00")} | fields
    return CaseFactory(centre=mandate.centre, owner=mandate.user, **fields)


def follow_up_for(mandate):
    case = case_for(mandate, reply_by=date(2027, 2, 1))
    return FollowUpFactory(centre=mandate.centre, assignee=mandate.user, case=case, due_on=MONDAY)


def mails():
    return list(OutgoingMail.objects.order_by("pk").values_list("to", "reminder__kind"))


def test_case_due_the_same_day_comes_by_a_mail_of_its_own_within_the_hour(manager):
    work(at("09:00"))
    case_for(manager)

    work(at("10:00"))
    reminder = Reminder.objects.get(kind=Kind.REPLY_TODAY)
    assert (reminder.due_at, reminder.held_reason) == (at("11:00"), german(HELD))
    assert mails() == []
    for minutes in range(3):
        work(at("11:00") + timedelta(minutes=minutes))

    assert mails() == [(manager.user.email, Kind.REPLY_TODAY)]
    work(at("09:00", TUESDAY))
    assert mails()[1:] == [(manager.user.email, Kind.DIGEST)]


def test_it_makes_no_difference_that_the_digest_had_something_to_say(manager):
    case_for(manager)
    work(at("09:00"))
    follow_up_for(manager)

    work(at("12:15"))
    work(at("13:15"))

    assert [kind for _to, kind in mails()] == [Kind.DIGEST, Kind.FOLLOW_UP]


def test_what_is_settled_within_the_hour_needs_no_mail(manager):
    work(at("09:00"))
    case = case_for(manager)
    work(at("10:00"))
    Case.objects.filter(pk=case.pk).update(reply_by=date(2026, 12, 1))

    work(at("11:00"))

    assert mails() == []
    reason = german("The matter is settled, or its date or owner has changed.")
    assert Reminder.objects.get(kind=Kind.REPLY_TODAY).skipped_reason == reason


def test_it_goes_out_at_once_when_the_office_closes_within_the_hour(manager):
    OfficeHoursFactory._meta.model.objects.update(closes_at=time(16))
    work(at("09:00"))
    case_for(manager)

    work(at("15:20"))

    assert mails() == [(manager.user.email, Kind.REPLY_TODAY)]


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "due"),
    [("10:30", "14:00", "14:00"), ("10:30", "18:00", "10:00"), ("13:30", "14:00", "11:00")],
)
def test_quiet_hours_are_kept(manager, quiet_from, quiet_to, due):
    """It waits for their end; before an afternoon that is all quiet it does not wait an hour."""
    quiet = {"quiet_from": quiet_from, "quiet_to": quiet_to}
    ReminderSettingsFactory(user=manager.user, **quiet)
    work(at("09:00"))
    case_for(manager)

    for hour in (10, 11, 12, 13, 14, 15):
        work(at(f"{hour}:00"))

    assert OutgoingMail.objects.get().reminder.sent_at == at(due)


def test_what_is_due_tomorrow_waits_for_tomorrows_digest(manager):
    work(at("09:00"))
    case_for(manager, reply_by=TUESDAY)

    work(at("10:00"))
    work(at("11:00"))

    assert mails() == []
    words = "%(name)s reads it in the digest and wants no mail of its own."
    assert Reminder.objects.get(kind=Kind.REPLY_COMING).skipped_reason == german(
        words, name=manager.user
    )


def test_nothing_comes_on_a_day_for_which_no_digest_is_wanted(manager):
    ReminderSettingsFactory(user=manager.user, digest_days=[1])
    work(at("09:00"))
    case_for(manager)

    work(at("10:00"))
    work(at("11:00"))

    assert mails() == []


def test_late_digest_of_a_clock_that_stood_still_has_it_already(manager):
    case_for(manager)

    work(at("11:00"))

    assert [kind for _to, kind in mails()] == [Kind.DIGEST]


def test_slow_worker_does_not_tell_what_the_digest_has_told(manager):
    case_for(manager)
    with time_machine.travel(at("09:00"), tick=False):
        reminding.write_due(timezone.now())
    with time_machine.travel(at("09:01"), tick=False):
        reminding.write_digests(timezone.now())
        delivering.send_all([Reminder.objects.get(kind=Kind.DIGEST).pk])

    work(at("10:30"))

    assert [kind for _to, kind in mails()] == [Kind.DIGEST]


def test_deputy_of_an_absent_owner_gets_it(manager):
    deputy = MandateFactory(role=Role.DEPUTY, centre=manager.centre)
    Absence.objects.create(user=manager.user, deputy=deputy.user, starts_on=MONDAY, ends_on=MONDAY)
    work(at("09:00"))
    case_for(manager)

    work(at("10:00"))
    work(at("11:00"))

    assert mails() == [(deputy.user.email, Kind.REPLY_TODAY)]


def test_mail_held_until_a_worker_comes_back_the_next_day_is_left_to_the_digest(manager):
    work(at("09:00"))
    follow_up_for(manager)
    work(at("10:00"))

    work(at("09:00", TUESDAY))
    work(at("10:00", TUESDAY))

    assert [kind for _to, kind in mails()] == [Kind.DIGEST]


def test_many_for_one_person_need_as_many_queries_as_one(manager):
    work(at("09:00"))

    def queries(count):
        for _number in range(count):
            follow_up_for(manager)
        with time_machine.travel(at("10:00"), tick=False):
            reminding.write_due(timezone.now())
            ids = delivering.due_ids(timezone.now())
            with CaptureQueriesContext(
                connection,
            ) as captured:
                delivering.send_all(ids)
        return sum("UPDATE" not in query["sql"] for query in captured)

    assert queries(1) == queries(5)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_one_mail(manager):
    work(at("09:00"))
    case_for(manager)
    work(at("10:00"))

    with time_machine.travel(at("11:00"), tick=False):
        ids = delivering.due_ids(timezone.now())
        run_at_once(lambda: delivering.send_all(ids))

    assert mails() == [(manager.user.email, Kind.REPLY_TODAY)]


def test_list_says_why_it_waits(manager, client, sign_in):
    work(at("09:00"))
    case_for(manager)
    work(at("10:00"))
    sign_in(Role.DEPUTY, centre=manager.centre)

    page = client.get(reverse("contacts:reminder_list"))
    assert german(HELD) in page.text
