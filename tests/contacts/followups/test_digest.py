from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import translation
from django.utils.translation import gettext

from contacts.followups import delivering, digest, reminding
from contacts.followups.models import Reminder
from contacts.models import Case
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory, OfficeHoursFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

MONDAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)  # Monday, five past midnight in Berlin
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday, 9:00
FAR = date(2027, 2, 1)


@pytest.fixture
def manager(db):
    return MandateFactory(role=Role.MANAGER)


def morning(moment=MORNING):
    """The ticks of one night and the work of the first minute after opening."""
    reminding.write_digests(NIGHT)
    reminding.write_digests(moment)
    with time_machine.travel(moment, tick=False):
        delivering.send_all(delivering.due_ids(moment))


def case_for(mandate, **fields):
    fields = {"read_at": MORNING, "reply_by": FAR} | fields
    return CaseFactory(centre=mandate.centre, owner=mandate.user, **fields)


def german(text):
    with translation.override("de"):
        return gettext(text)


def test_digest_names_what_the_day_holds(manager):
    overdue = case_for(manager, reply_by=date(2026, 11, 19))
    today = case_for(manager, reply_by=MONDAY)
    new = case_for(manager, read_at=None)
    taken_up = case_for(manager, state=Case.State.WAITING, waiting_until=MONDAY)
    quiet = case_for(manager)
    project = ProjectFactory(centre=manager.centre, lead=manager.user)
    milestone = MilestoneFactory(project=project, planned_on=MONDAY)
    reminding.resume_waiting(NIGHT)

    morning()

    mail = OutgoingMail.objects.get(to=manager.user.email, reminder__kind="digest")
    sections = mail.text.split("\n\n")[2:]
    told = [overdue, today, new, taken_up, milestone]
    assert [str(row) in section for row, section in zip(told, sections, strict=False)] == [True] * 5
    assert str(quiet) not in mail.text
    assert "/heute/" in mail.text


def test_each_person_gets_their_own_digest_once(manager):
    desk = MandateFactory(role=Role.DESK, centre=manager.centre)
    mine, theirs = case_for(manager, reply_by=MONDAY), case_for(desk, reply_by=MONDAY)

    for minutes in range(3):
        morning(MORNING + timedelta(minutes=minutes))

    texts = dict(OutgoingMail.objects.values_list("to", "text"))
    assert set(texts) == {manager.user.email, desk.user.email}
    assert OutgoingMail.objects.count() == 2
    assert (str(mine) in texts[desk.user.email], str(theirs) in texts[desk.user.email]) == (
        False,
        True,
    )


def test_nobody_is_mailed_about_an_empty_day(manager):
    morning()

    assert Reminder.objects.get().skipped_reason == german("Nothing to do today.")
    case_for(manager, reply_by=MONDAY)
    morning(MORNING + timedelta(hours=4))
    assert OutgoingMail.objects.count() == 0


def test_deputy_gets_the_absent_colleagues_matters_too(manager):
    deputy = MandateFactory(role=Role.DEPUTY, centre=manager.centre)
    case = case_for(manager, reply_by=MONDAY)
    Absence.objects.create(user=manager.user, deputy=deputy.user, starts_on=MONDAY, ends_on=MONDAY)

    morning()

    mail = OutgoingMail.objects.get()
    assert mail.to == deputy.user.email
    assert f"{case} ({manager.user})" in mail.text
    reason = german("Absent: %(deputy)s gets it.") % {"deputy": deputy.user}
    assert Reminder.objects.get(owner=manager.user).skipped_reason == reason


def test_deputy_from_another_carrier_reads_nothing(manager):
    stranger = MandateFactory(role=Role.MANAGER)
    case_for(manager, reply_by=MONDAY)
    Absence.objects.create(
        user=manager.user, deputy=stranger.user, starts_on=MONDAY, ends_on=MONDAY
    )

    morning()

    assert OutgoingMail.objects.count() == 0


def test_digest_lists_exactly_what_its_reader_may_open(manager):
    """A deputy of another centre: the colleague's cases, but not the projects over there."""
    elsewhere = CentreFactory(carrier=manager.carrier)
    deputy = MandateFactory(role=Role.DESK, centre=elsewhere, carrier=manager.carrier)
    case = case_for(manager, reply_by=MONDAY)
    project = ProjectFactory(centre=manager.centre, lead=manager.user)
    milestone = MilestoneFactory(project=project, planned_on=MONDAY)
    Absence.objects.create(user=manager.user, deputy=deputy.user, starts_on=MONDAY, ends_on=MONDAY)

    morning()

    mail = OutgoingMail.objects.get(to=deputy.user.email)
    assert (str(case) in mail.text, milestone.title in mail.text) == (True, False)


@pytest.mark.parametrize("day", ["2026-11-22", "2026-12-25", "2026-11-24"])
def test_no_digest_on_a_day_without_office(manager, day):
    """Sunday, Christmas, and a Tuesday at a desk with hours on Monday only."""
    OfficeHoursFactory(centre=manager.centre, weekday=0)

    assert reminding.write_digests(datetime.fromisoformat(f"{day}T10:00:00+00:00")) == 0


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_people_of_the_desk_get_a_digest(db, role):
    MandateFactory(role=role)

    assert reminding.write_digests(MORNING) == 0


def test_digest_of_a_mandate_for_all_centres_follows_the_carriers_desk(manager):
    everywhere = MandateFactory(carrier=manager.carrier, centre=None, role=Role.DEPUTY)
    OfficeHoursFactory(centre=manager.centre, weekday=0, opens_at=time(13))

    assert reminding.write_digests(NIGHT) == 2
    due = Reminder.objects.get(owner=everywhere.user).due_at
    assert due == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_yesterdays_digest_is_not_sent_today(manager):
    case_for(manager, reply_by=MONDAY)
    reminding.write_digests(NIGHT)
    tuesday = MORNING + timedelta(days=1)

    with time_machine.travel(tuesday, tick=False):
        delivering.send_all([Reminder.objects.get().pk])

    assert OutgoingMail.objects.count() == 0


def test_long_section_says_how_many_more_there_are(manager):
    for _ in range(digest.LONGEST + 3):
        case_for(manager, reply_by=MONDAY)

    section = digest.sections_for(manager.user, MORNING)[0]

    assert (section.count, len(section.rows), section.more) == (23, 20, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_digest_needs_the_same_queries_for_any_number(manager, count, django_assert_num_queries):
    project = ProjectFactory(centre=manager.centre, lead=manager.user)
    for _ in range(count):
        case_for(manager, reply_by=MONDAY)
        MilestoneFactory(project=project, planned_on=MONDAY)

    with django_assert_num_queries(13):
        assert len(digest.sections_for(manager.user, MORNING)) == 2


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_write_one_digest_per_person(manager):
    run_at_once(lambda: reminding.write_digests(NIGHT))

    assert Reminder.objects.count() == 1


def test_digest_names_the_ideas_that_are_back(manager):
    back = {"state": "parked", "reason": "Später", "centre": manager.centre}
    idea = IdeaFactory(**back, returns_on=MONDAY, parked_by=manager.user)
    IdeaFactory(**back, returns_on=FAR, parked_by=manager.user)

    morning()

    text = OutgoingMail.objects.get().text
    assert german("Back from the pool of ideas") + f" (1)\n- {idea}\n" in text
