"""Overdue for days: first the deputy of the desk is told, then its manager."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from contacts.cases import escalating, services
from contacts.cases import today as work
from contacts.followups import digest
from contacts.models import Case
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.office.models import Absence, ClosingDay
from zentrum.office.working_time import OfficeCalendar

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 20)  # a Friday
THIRD = date(2026, 11, 25)  # the third working day after it
SIXTH = date(2026, 11, 30)
NONE, DEPUTY, MANAGER = Case.Escalation.NONE, Case.Escalation.DEPUTY, Case.Escalation.MANAGER


class Desk:
    def __init__(self):
        self.centre = CentreFactory()
        self.manager, self.deputy, self.clerk = (
            MandateFactory(role=role, centre=self.centre).user
            for role in (Role.MANAGER, Role.DEPUTY, Role.DESK)
        )
        self.case = CaseFactory(centre=self.centre, owner=self.clerk, reply_by=DUE)

    def away(self, user, deputy):
        Absence.objects.create(user=user, deputy=deputy, starts_on=DUE, ends_on=date(2026, 12, 31))


@pytest.fixture
def desk():
    return Desk()


def at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 11, tzinfo=UTC), tick=False)


def step_on(case, day):
    escalating.set_steps(day)
    case.refresh_from_db()
    return case.escalation


def told(day, *people):
    """Who of them is told, as fresh people: what a request knows of mandates is kept with it."""
    with at(day):
        escalating.set_steps()
        fresh = [User.objects.get(pk=person.pk) for person in people]
        return [bool(escalating.told_to(person, [person.pk])) for person in fresh]


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2026-11-20", NONE),
        ("2026-11-24", NONE),  # the second working day
        ("2026-11-25", DEPUTY),
        ("2026-11-27", DEPUTY),
        ("2026-11-29", DEPUTY),  # Sunday
        ("2026-11-30", MANAGER),
        ("2027-03-01", MANAGER),
    ],
)
def test_steps_count_working_days(desk, day, step):
    assert step_on(desk.case, date.fromisoformat(day)) == step


@pytest.mark.parametrize(
    ("due", "day", "step"),
    [
        ("2026-03-27", "2026-03-31", NONE),  # across the night to summer time
        ("2026-03-27", "2026-04-01", DEPUTY),
        ("2026-10-23", "2026-10-27", NONE),  # across the night to winter time
        ("2026-10-23", "2026-10-28", DEPUTY),
        ("2026-12-23", "2026-12-28", NONE),  # 24th and 28th; Christmas and the weekend are off
        ("2026-12-23", "2026-12-29", DEPUTY),
        ("2026-11-21", "2026-11-26", DEPUTY),  # promised for a Saturday: due on Monday
        ("2026-11-21", "2026-11-25", NONE),
    ],
)
def test_steps_know_holidays_and_changed_clocks(desk, due, day, step):
    Case.objects.update(reply_by=due)

    assert step_on(desk.case, date.fromisoformat(day)) == step


def test_closing_days_hold_the_ladder_back(desk):
    ClosingDay.objects.create(starts_on=date(2026, 11, 23), ends_on=THIRD, reason="Umbau")

    assert step_on(desk.case, date(2026, 11, 27)) == NONE


def test_closed_and_waiting_cases_do_not_escalate(desk):
    with at(date(2026, 11, 20)):
        services.wait(
            desk.case, until=date(2027, 1, 4), waiting_for="Amt", by=desk.clerk, version=0
        )

    assert step_on(desk.case, SIXTH) == NONE


@pytest.mark.parametrize("by_mail", [True, False])
def test_answer_by_any_channel_starts_the_ladder_anew(desk, by_mail):
    Case.objects.update(sender_email="jo@example.org")
    assert step_on(desk.case, SIXTH) == MANAGER
    with at(SIXTH):
        services.reply(desk.case, author=desk.clerk, text="Bald.", version=0, by_mail=by_mail)

        assert step_on(desk.case, SIXTH) == NONE
    assert step_on(desk.case, date(2026, 12, 2)) == NONE
    assert step_on(desk.case, date(2026, 12, 3)) == DEPUTY  # three working days without a new date


def test_new_date_and_closing_end_the_escalation(desk):
    step_on(desk.case, SIXTH)
    with at(SIXTH):
        values = {"reply_by": date(2026, 12, 4), "reason": "Amt", "by": desk.clerk, "version": 0}
        services.promise(desk.case, **values)
        assert desk.case.escalation == NONE
        Case.objects.update(reply_by=DUE)
        step_on(desk.case, SIXTH)
        services.close(desk.case, outcome="withdrawn", outcome_text="", by=desk.clerk, version=1)
    assert desk.case.escalation == NONE


def test_database_refuses_a_closed_case_that_is_escalated(desk):
    step_on(desk.case, SIXTH)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(state="waiting", waiting_until=SIXTH)


def test_steps_disturb_nobody_and_change_nothing_twice(desk):
    assert escalating.set_steps(SIXTH) == 1
    assert escalating.set_steps(SIXTH) == 0

    desk.case.refresh_from_db()
    assert (desk.case.version, desk.case.messages.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 30])
def test_steps_take_the_same_statements_for_any_number(desk, count, django_assert_num_queries):
    for _ in range(count):
        CaseFactory(centre=desk.centre, owner=desk.clerk, reply_by=DUE)

    with django_assert_num_queries(7):  # centres, hours, closing days, the update in its frame
        assert escalating.set_steps(SIXTH) == count + 1


def test_first_the_deputy_is_told_then_the_manager_too(desk):
    people = desk.deputy, desk.manager, desk.clerk

    assert told(date(2026, 11, 24), *people) == [False, False, False]
    assert told(THIRD, *people) == [True, False, False]
    assert told(SIXTH, *people) == [True, True, False]


def test_without_a_deputy_the_manager_is_told_at_once(desk):
    desk.deputy.mandates.update(ends_on=date(2026, 11, 1))

    assert told(THIRD, desk.deputy, desk.manager) == [False, True]


def test_inactive_deputy_counts_as_none(desk):
    User.objects.filter(pk=desk.deputy.pk).update(is_active=False)

    assert told(THIRD, desk.manager) == [True]


def test_case_of_the_deputy_goes_to_the_manager(desk):
    Case.objects.update(owner=desk.deputy)

    assert told(THIRD, desk.deputy, desk.manager) == [False, True]


def test_absent_deputy_s_stand_in_is_told(desk):
    stand_in = MandateFactory(role=Role.DESK, centre=desk.centre).user
    desk.away(desk.deputy, desk.manager)

    assert told(THIRD, desk.manager, stand_in) == [True, False]


def test_absences_that_loop_stay_with_the_deputy_until_the_manager_is_told(desk):
    other = MandateFactory(role=Role.DESK, centre=desk.centre).user
    desk.away(desk.deputy, other)
    desk.away(other, desk.deputy)

    assert told(THIRD, desk.deputy, desk.manager, other) == [True, False, False]
    assert told(SIXTH, desk.manager) == [True]


def test_other_desks_are_told_nothing(desk):
    elsewhere, stranger = CentreFactory(carrier=desk.centre.carrier), CentreFactory()
    people = [
        MandateFactory(role=Role.MANAGER, centre=elsewhere).user,
        MandateFactory(role=Role.DEPUTY, centre=stranger).user,
        MandateFactory(role=Role.CITY, centre=desk.centre).user,
    ]

    assert told(SIXTH, *people) == [False, False, False]


def test_today_and_digest_show_what_is_escalated_once(desk):
    with at(SIXTH):
        escalating.set_steps()
        deputy = User.objects.get(pk=desk.deputy.pk)
        sections = work.sections(deputy, work.responsible_for(deputy), SIXTH)
        lines = digest.sections_for(deputy, datetime(2026, 11, 30, 11, tzinfo=UTC))

    shown = {section.key: section.cases for section in sections if section.cases}
    assert shown == {"escalated": [desk.case]}
    assert [(section.rows, section.count) for section in lines] == [([desk.case], 1)]


def test_stand_in_of_the_owner_finds_it_among_the_overdue_only(desk):
    desk.away(desk.clerk, desk.deputy)
    with at(SIXTH):
        escalating.set_steps()
        deputy = User.objects.get(pk=desk.deputy.pk)
        sections = work.sections(deputy, work.responsible_for(deputy), SIXTH)

    assert [section.key for section in sections if section.cases] == ["overdue"]


def test_list_shows_and_filters_what_is_escalated(client, sign_in, desk):
    other = CaseFactory(centre=desk.centre, owner=desk.clerk, reply_by=date(2026, 11, 27))
    escalating.set_steps(SIXTH)
    sign_in(Role.MANAGER, centre=desk.centre)

    page = client.get(reverse("contacts:case_list"), {"escalated": "on"})

    assert page.context["page"].object_list == [desk.case]
    assert "überfällig, bei Leitung" in page.text
    assert other.subject not in page.text


def test_working_days_are_counted_back_over_days_off():
    calendar = OfficeCalendar(land="BE")
    monday, sunday = date(2026, 11, 23), date(2026, 11, 22)

    assert escalating.working_days_before(calendar, monday, 0) == monday
    assert escalating.working_days_before(calendar, monday, 1) == date(2026, 11, 20)
    assert escalating.working_days_before(calendar, sunday, 1) == date(2026, 11, 19)
    assert calendar.working_days_between(date(2026, 11, 19), sunday) == 1
