"""What mails a person wants of the clock: the digest, single mails, quiet hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from contacts.followups import delivering, reminding
from contacts.followups.models import Reminder
from contacts.models import Case, ReminderSettings
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory, ReminderSettingsFactory
from tests.factories.office import CentreFactory, MandateFactory, OfficeHoursFactory
from tests.factories.projects import MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence
from zentrum.office.working_time import OfficeCalendar

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
URL = reverse("contacts:reminder_settings")
FORM = {"digest_days": ["0", "1", "2", "3", "4"], "quiet_from": "", "quiet_to": ""}

pytestmark = pytest.mark.django_db


def at(day, clock):
    return datetime.combine(day, time.fromisoformat(clock), BERLIN)


def german(text, **values):
    with translation.override("de"):
        return gettext(text) % values


@pytest.fixture
def manager(db):
    return MandateFactory(role=Role.MANAGER)


@pytest.fixture
def case(manager):
    return CaseFactory(
        centre=manager.centre, owner=manager.user, reply_by=MONDAY, read_at=at(MONDAY, "00:00")
    )


def work(moment, *, digests=False):
    """The tick's finding and the worker's delivery at one moment."""
    with time_machine.travel(moment, tick=False):
        reminding.resume_waiting(moment)
        reminding.write_due(moment)
        if digests:
            reminding.write_digests(moment)
        delivering.send_all(delivering.due_ids(moment))


def mails():
    return list(OutgoingMail.objects.order_by("pk").values_list("to", flat=True))


def test_without_opting_in_a_matter_stands_in_the_digest_only(case, manager):
    work(at(MONDAY, "09:00"), digests=True)

    single = Reminder.objects.get(kind=Reminder.Kind.REPLY_TODAY)
    words = "%(name)s reads it in the digest and wants no mail of its own."
    assert single.skipped_reason == german(words, name=manager.user)
    mail = OutgoingMail.objects.get()
    assert (mail.reminder.kind, str(case) in mail.text) == (Reminder.Kind.DIGEST, True)


def test_who_opts_in_gets_both(case, manager):
    ReminderSettingsFactory(user=manager.user, wants_single=True)

    work(at(MONDAY, "09:00"), digests=True)

    assert mails() == [manager.user.email] * 2


def test_matter_that_no_digest_names_comes_by_a_mail_of_its_own(manager):
    """Of somebody who left; and of a project lead who does not work at the desk."""
    former = MandateFactory(role=Role.DESK, centre=manager.centre, ends_on=date(2026, 10, 31))
    CaseFactory(centre=manager.centre, owner=former.user, reply_by=MONDAY)
    city = MandateFactory(role=Role.CITY, centre=manager.centre, carrier=manager.carrier)
    project = ProjectFactory(centre=manager.centre, lead=city.user)
    MilestoneFactory(project=project, planned_on=MONDAY)

    work(at(MONDAY, "10:00"))

    assert sorted(mails()) == sorted([manager.user.email, city.user.email])


def test_digest_announces_what_is_due_on_the_next_working_day(manager):
    tomorrow = CaseFactory(centre=manager.centre, owner=manager.user, reply_by=TUESDAY)
    later = CaseFactory(centre=manager.centre, owner=manager.user, reply_by=WEDNESDAY)
    Case.objects.update(read_at=at(MONDAY, "00:00"))

    work(at(MONDAY, "09:00"), digests=True)

    text = OutgoingMail.objects.get().text
    assert (str(tomorrow) in text, str(later) in text) == (True, False)


def test_no_digest_on_a_day_that_was_left_out(case, manager):
    ReminderSettingsFactory(user=manager.user, digest_days=[1])

    work(at(MONDAY, "09:00"), digests=True)
    digest = Reminder.objects.get(kind=Reminder.Kind.DIGEST)
    words = "%(name)s wants no digest on this day."
    assert digest.skipped_reason == german(words, name=manager.user)
    work(at(TUESDAY, "09:00"), digests=True)

    assert str(case) in OutgoingMail.objects.get().text


def test_case_taken_up_on_a_day_without_digest_stands_in_the_next_one(manager):
    ReminderSettingsFactory(user=manager.user, digest_days=[0, 2])
    work(at(MONDAY, "09:00"), digests=True)
    waiting = {"state": "waiting", "waiting_until": TUESDAY, "waiting_since": MONDAY}
    case = CaseFactory(
        centre=manager.centre, owner=manager.user, reply_by=date(2027, 1, 4), **waiting
    )
    Case.objects.update(read_at=at(MONDAY, "00:00"))

    work(at(TUESDAY, "09:00"), digests=True)
    assert mails() == []
    work(at(WEDNESDAY, "09:00"), digests=True)

    assert str(case) in OutgoingMail.objects.get().text


def test_quiet_hours_hold_a_mail_until_their_end(case, manager):
    ReminderSettingsFactory(
        user=manager.user, wants_single=True, quiet_from=time(18), quiet_to=time(10, 30)
    )

    work(at(MONDAY, "09:00"), digests=True)
    held = german("Quiet hours of %(name)s.", name=manager.user)
    waiting = list(Reminder.objects.values_list("due_at", "held_reason"))
    assert waiting == [(at(MONDAY, "10:30"), held)] * 2
    work(at(MONDAY, "10:29"), digests=True)
    assert mails() == []
    work(at(MONDAY, "10:30"), digests=True)

    assert mails() == [manager.user.email] * 2


def test_after_quiet_hours_the_office_must_be_open_too(case, manager):
    ReminderSettingsFactory(
        user=manager.user, wants_single=True, quiet_from=time(12), quiet_to=time(17, 30)
    )

    work(at(MONDAY, "13:00"), digests=True)

    single = Reminder.objects.get(kind=Reminder.Kind.REPLY_TODAY)
    assert single.due_at == at(TUESDAY, "09:00")
    digest = Reminder.objects.get(kind=Reminder.Kind.DIGEST)
    words = "Quiet hours of %(name)s until the office closes."
    assert digest.skipped_reason == german(words, name=manager.user)


def test_quiet_hours_are_those_of_who_gets_the_mail(case, manager):
    deputy = MandateFactory(role=Role.DEPUTY, centre=manager.centre)
    Absence.objects.create(user=manager.user, deputy=deputy.user, starts_on=MONDAY, ends_on=MONDAY)
    quiet = {"quiet_from": time(9), "quiet_to": time(12)}
    ReminderSettingsFactory(user=manager.user, wants_single=True, **quiet)
    ReminderSettingsFactory(user=deputy.user, wants_single=True)

    work(at(MONDAY, "09:00"))

    assert mails() == [deputy.user.email]


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-23T17:59:00+01:00", None),
        ("2026-11-23T18:00:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T06:59:00+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-11-24T07:00:00+01:00", None),
        ("2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"),  # the night that is short
        ("2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),  # and the one that is long
    ],
)
def test_quiet_hours_go_over_midnight_and_changed_clocks(moment, until):
    wishes = ReminderSettings(quiet_from=time(18), quiet_to=time(7))

    end = wishes.quiet_until(datetime.fromisoformat(moment))

    assert (end and end.isoformat()) == until


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"),  # 2:30 does not exist
        ("2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+02:00"),  # 2:30 for the first time
        ("2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00"),  # and for the second time
    ],
)
def test_quiet_hours_end_in_the_hour_that_the_clocks_change(moment, until):
    wishes = ReminderSettings(quiet_from=time(1), quiet_to=time(2, 30))

    assert wishes.quiet_until(datetime.fromisoformat(moment)).isoformat() == until


def test_quiet_hours_that_leave_no_time_do_not_silence_the_office(manager):
    """They were all right when they were entered; then the office hours changed."""
    OfficeHoursFactory(centre=manager.centre, weekday=0, opens_at=time(8), closes_at=time(9))
    calendar = OfficeCalendar.of(manager.centre)
    wishes = ReminderSettings(quiet_from=time(7), quiet_to=time(12))

    assert wishes.free_from(calendar, at(MONDAY, "07:30")) == at(MONDAY, "08:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"digest_days": []},
        {"digest_days": [5]},
        {"quiet_from": time(9)},
        {"quiet_from": time(9), "quiet_to": time(9)},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_the_database(fields, manager):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderSettingsFactory(user=manager.user, **fields)


def test_each_person_changes_their_own(client, sign_in):
    user = sign_in(Role.DESK)
    others = ReminderSettingsFactory()
    assert client.get(URL).context["form"].initial["digest_days"] == [0, 1, 2, 3, 4]

    data = {"digest_days": ["0", "3"], "wants_single": "on"}
    quiet = {"quiet_from": "18:00", "quiet_to": "08:30"}
    response = client.post(URL, data | quiet)

    assert response.url == reverse("contacts:reminder_list")
    own = ReminderSettings.objects.get(user=user)
    assert (own.digest_days, own.wants_single) == ([0, 3], True)
    assert (own.quiet_from, own.quiet_to) == (time(18), time(8, 30))
    others.refresh_from_db()
    assert (others.digest_days, others.wants_single) == ([0, 1, 2, 3, 4], False)


@pytest.mark.parametrize(
    "changes",
    [
        {"digest_days": []},
        {"quiet_from": "18:00"},
        {"quiet_from": "18:00", "quiet_to": "18:00"},
        {"quiet_from": "08:00", "quiet_to": "18:00"},
        {"quiet_from": "17:30", "quiet_to": "17:00"},
        {"digest_days": ["6"]},
    ],
)
def test_form_says_what_cannot_be(client, sign_in, changes):
    centre = CentreFactory()
    OfficeHoursFactory(centre=centre, weekday=0, opens_at=time(16), closes_at=time(17))
    sign_in(Role.DESK, centre=centre)

    response = client.post(URL, FORM | changes)

    assert response.context["form"].errors
    assert not ReminderSettings.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_once_keeps_one_row(client, sign_in):
    user = sign_in(Role.DESK)

    answers = run_at_once(lambda: client.post(URL, FORM).status_code, times=2)

    assert set(answers) <= {200, 302}
    assert ReminderSettings.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_page_is_for_people_of_the_desk(client, sign_in, role):
    sign_in(role)

    assert client.get(URL).status_code == 403


def test_list_shows_why_a_mail_waits(client, sign_in):
    case = CaseFactory()
    user = sign_in(Role.MANAGER, centre=case.centre)
    Reminder.objects.create(
        key="k",
        kind="reply_today",
        case=case,
        owner=user,
        occurs_on=MONDAY,
        due_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        held_reason="Ruhezeit von Jo.",
    )

    assert "Ruhezeit von Jo." in client.get(reverse("contacts:reminder_list")).text
