"""Wiedervorlagen: planned on a working day, repeated, moved, done, told once."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services as cases
from contacts.followups import delivering, digest, reminding, services
from contacts.followups.repeating import day_of
from contacts.models import FollowUp, Reminder
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory
from tests.factories.contacts import CaseFactory, FollowUpFactory, want_single_mails
from tests.factories.office import CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
FAR = date(2027, 6, 1)
CREATE = reverse("contacts:follow_up_create")
LIST = reverse("contacts:follow_up_list")

pytestmark = pytest.mark.django_db


def at(day, clock=11):
    moment = datetime(day.year, day.month, day.day, clock, tzinfo=UTC)
    want_single_mails()
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def manager():
    return MandateFactory(role=Role.MANAGER).user


@pytest.fixture
def case(manager):
    return CaseFactory(
        centre=manager.mandates.get().centre, owner=manager, subject="Lieferzone", reply_by=FAR
    )


def plan(about, user, **changes):
    values = {"assignee": user, "due_on": FRIDAY, "text": "Anrufen", "by": user} | changes
    with at(MONDAY):
        return services.plan(about, **values)


def send(day, clock=11):
    moment = datetime(day.year, day.month, day.day, clock, tzinfo=UTC)
    want_single_mails()
    with time_machine.travel(moment, tick=False):
        reminding.write_due(moment)
        delivering.send_all(delivering.due_ids(moment))


def told():
    sent = Reminder.objects.filter(kind=Reminder.Kind.FOLLOW_UP, sent_at__isnull=False)
    return [(reminder.recipient, reminder.occurs_on) for reminder in sent.order_by("pk")]


@pytest.mark.parametrize("make", [CaseFactory, ActorFactory, IdeaFactory, ProjectFactory])
def test_follow_up_on_each_kind_of_matter(client, sign_in, make):
    centre = CentreFactory()
    about = make(centre=centre)
    user = sign_in(Role.MANAGER, centre=centre)
    name = type(about).__name__.lower()

    with at(MONDAY):
        url = f"{CREATE}?about={name}-{about.pk}"
        data = {"working_days": "5", "text": "Anrufen", "assignee": user.pk, "repeat": ""}
        response = client.post(url, data)
        there = client.get(f"{LIST}?about={name}-{about.pk}")

    follow_up = FollowUp.objects.get()
    assert response.url == about.get_absolute_url()
    assert (follow_up.about, follow_up.due_on) == (about, date(2026, 11, 30))
    assert (list(there.context["page"]), "Anrufen" in there.text) == ([follow_up], True)


@pytest.mark.parametrize(
    ("asked", "planned"),
    [("2026-11-28", "2026-11-30"), ("2026-12-25", "2026-12-28"), ("2027-03-28", "2027-03-30")],
)
def test_day_off_moves_to_the_next_working_day(case, manager, asked, planned):
    """A Saturday, Christmas, and the Easter Sunday on which the clocks change."""
    follow_up = plan(case, manager, due_on=date.fromisoformat(asked))

    assert follow_up.due_on == date.fromisoformat(planned)


def test_planned_twice_it_is_there_once(case, manager):
    assert plan(case, manager) == plan(case, manager)
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2032, 1, 1)])
def test_past_and_far_days_are_refused(case, manager, day):
    with pytest.raises(ValidationError) as refusal:
        plan(case, manager, due_on=day)

    assert list(refusal.value.error_dict) == ["due_on"]


def test_assignee_works_at_the_desk_and_sees_the_matter(case, manager):
    centre = case.centre
    clerk, stranger = MandateFactory(role=Role.DESK, centre=centre).user, MandateFactory().user
    for person in (clerk, stranger):  # the clerk does not own the case
        with pytest.raises(ValidationError):
            plan(case, manager, assignee=person)
    actor = ActorFactory(centre=centre)

    assert plan(actor, manager, assignee=clerk).assignee == clerk


@pytest.mark.parametrize(
    ("repeat", "number", "expected"),
    [
        ("weekly", 2, "2027-02-14"),
        ("monthly", 1, "2027-02-28"),
        ("monthly", 2, "2027-03-31"),
        ("quarterly", 1, "2027-04-30"),
        ("quarterly", 4, "2028-01-31"),
        ("yearly", 2, "2029-01-31"),
    ],
)
def test_series_keeps_its_day(repeat, number, expected):
    assert day_of(date(2027, 1, 31), repeat, number) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("repeat", "upcoming"),
    [
        ("weekly", "2026-12-04"),
        ("monthly", "2026-12-28"),  # the 27th is a Sunday
        ("quarterly", "2027-03-01"),  # 27 February is a Saturday
        ("yearly", "2027-11-29"),
    ],
)
def test_next_time_comes_on_a_working_day(case, manager, repeat, upcoming):
    follow_up = plan(case, manager, repeat=repeat)
    with at(FRIDAY):
        new = services.complete(follow_up, by=manager, version=0)

    assert (new.due_on, new.number) == (date.fromisoformat(upcoming), 1)
    assert list(FollowUp.objects.open()) == [new]


def test_missed_times_of_a_series_are_left_out(case, manager):
    follow_up = plan(case, manager, repeat="weekly")
    with at(date(2026, 12, 16)):
        new = services.complete(follow_up, by=manager, version=0)

    assert (new.due_on, new.number) == (date(2026, 12, 18), 3)


def test_withdrawn_series_ends_and_settled_ones_stay_settled(case, manager):
    follow_up = plan(case, manager, repeat="weekly")
    services.withdraw(follow_up, by=manager, version=0)

    assert not FollowUp.objects.open().exists()
    for step in (services.complete, services.withdraw):
        with pytest.raises(ValidationError):
            step(follow_up, by=manager, version=1)


def test_old_version_is_refused(case, manager):
    follow_up = plan(case, manager)
    values = {"assignee": manager, "text": "Anrufen", "by": manager, "version": 0}
    with at(MONDAY):
        services.move(follow_up, due_on=date(2026, 12, 1), **values)
        with pytest.raises(ValidationError) as refusal:
            services.move(follow_up, due_on=date(2026, 12, 2), **values)

    assert refusal.value.code == "stale"


def test_moved_onto_its_twin_is_refused(case, manager):
    plan(case, manager)
    other = plan(case, manager, text="Schreiben")
    with at(MONDAY), pytest.raises(ValidationError):
        services.move(other, assignee=manager, due_on=FRIDAY, text="Anrufen", by=manager, version=0)


@pytest.mark.parametrize(
    "broken",
    [
        {"case": None},
        {"done_at": timezone.now()},
        {"withdrawn_at": timezone.now(), "done_at": timezone.now()},
    ],
)
def test_database_refuses_what_makes_no_sense(case, manager, broken):
    follow_up = plan(case, manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(**broken)


def test_database_refuses_a_twin_and_two_matters(case, manager):
    follow_up = plan(case, manager)
    same = {"case": case, "assignee": manager, "text": "Anrufen", "centre": case.centre}
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFactory(due_on=FRIDAY, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(actor=ActorFactory())


@pytest.mark.django_db(transaction=True)
def test_series_completed_at_once_goes_on_once(case, manager):
    pk = plan(case, manager, repeat="weekly").pk

    def press():
        try:
            return bool(services.complete(FollowUp.objects.get(pk=pk), by=manager, version=0))
        except ValidationError:
            return False

    assert sorted(run_at_once(press)) == [False, False, False, True]
    assert FollowUp.objects.count() == 2


def test_reminder_comes_once_on_the_day_and_again_when_it_is_moved(case, manager):
    follow_up = plan(case, manager)
    for clock in (8, 11, 12):
        send(FRIDAY, clock)
    assert told() == [(manager, FRIDAY)]
    text = OutgoingMail.objects.get().text
    assert ("Anrufen" in text, reverse("contacts:case_detail", args=[case.pk]) in text) == (
        True,
        True,
    )

    later = date(2026, 12, 1)
    with at(FRIDAY):
        services.move(
            follow_up, assignee=manager, due_on=later, text="Anrufen", by=manager, version=0
        )
    send(later)
    assert told() == [(manager, FRIDAY), (manager, later)]


def test_settled_one_is_skipped_with_the_reason(case, manager):
    follow_up = plan(case, manager)
    night = datetime(2026, 11, 27, 3, tzinfo=UTC)
    reminding.write_due(night)
    services.withdraw(follow_up, by=manager, version=0)

    send(FRIDAY)

    assert (told(), bool(Reminder.objects.get().skipped_reason)) == ([], True)


def test_absent_colleague_s_stand_in_is_told_and_sees_it(client, sign_in, case, manager):
    deputy = MandateFactory(role=Role.DEPUTY, centre=case.centre).user
    follow_up = plan(case, manager)
    Absence.objects.create(user=manager, deputy=deputy, starts_on=FRIDAY, ends_on=FRIDAY)
    send(FRIDAY)

    assert told() == [(deputy, FRIDAY)]
    with at(FRIDAY):
        sign_in(Role.DEPUTY, user=User.objects.get(pk=deputy.pk), centre=CentreFactory())
        page = client.get(reverse("contacts:today")).text
        fresh = User.objects.get(pk=deputy.pk)
        lines = digest.sections_for(fresh, timezone.now())
    assert "Anrufen" in page
    assert follow_up in [row for section in lines for row in section.rows]


def test_follow_ups_on_a_case_go_with_it(case, manager):
    colleague = MandateFactory(role=Role.MANAGER, centre=case.centre).user
    follow_up = plan(case, manager)
    other = plan(case, manager, assignee=colleague, text="Prüfen")
    cases.hand_over(case, to=colleague, by=manager, version=0)

    assert {row.assignee for row in FollowUp.objects.filter(case=case)} == {colleague}
    assert {follow_up, other} == set(FollowUp.objects.filter(case=case))


def test_only_who_sees_the_matter_and_works_at_the_desk_sees_it(case, manager):
    place = {"centre": case.centre, "carrier": case.carrier}
    idea = IdeaFactory(state="in_consultation", **place)
    plan(idea, manager)
    people = {
        role: MandateFactory(role=role, **place).user
        for role in (Role.DEPUTY, Role.DESK, Role.CITY, Role.BODY_MEMBER)
    }

    seen = {role: FollowUp.objects.visible_to(user).count() for role, user in people.items()}

    assert seen == {Role.DEPUTY: 1, Role.DESK: 1, Role.CITY: 0, Role.BODY_MEMBER: 0}


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries(client, sign_in, case, django_assert_num_queries, count):
    user = sign_in(Role.MANAGER, centre=case.centre)
    for _ in range(count):
        FollowUpFactory(case=case, centre=case.centre, assignee=user)

    with django_assert_num_queries(7):
        page = client.get(LIST)

    assert len(page.context["page"].object_list) == count


def test_unknown_and_foreign_matters_do_not_exist(client, sign_in):
    sign_in(Role.MANAGER)
    foreign = CaseFactory()
    for about in (f"case-{foreign.pk}", "case-", "town-1", "case-99999999999999999999", ""):
        assert client.get(f"{CREATE}?about={about}").status_code == 404


def test_form_wants_a_number_of_days_or_a_day(client, sign_in, case):
    user = sign_in(Role.MANAGER, centre=case.centre)
    url = f"{CREATE}?about=case-{case.pk}"
    for days, day in (("", ""), ("251", ""), ("-1", "")):
        data = {"working_days": days, "due_on": day, "text": "Anrufen", "assignee": user.pk}
        assert client.post(url, data).status_code == 200
    assert not FollowUp.objects.exists()
