from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from contacts.cases import pauses
from contacts.followups import delivering, matters, reminding, ticking
from contacts.followups.models import Reminder, Tick
from contacts.models import Case, Message
from projects.ideas.services import move_idea
from tests.concurrency import meet_before, run_at_once, run_beside_locked
from tests.factories.contacts import CaseFactory, want_single_mails
from tests.factories.office import CarrierFactory, MandateFactory, UserFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

MONDAY = date(2026, 11, 23)
MONDAY_NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # 12:00 in Berlin
MONDAY_NIGHT = datetime(2026, 11, 23, 21, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


MOVED_ON = "The matter is settled, or its date or owner has changed."


def german(text):
    """The office's mails are in its own language."""
    with translation.override("de"):
        return gettext(text)


def notice(kind, matter):
    return f"{german(kind)}: {matter}"


@pytest.fixture(autouse=True)
def no_digests(monkeypatch):
    """These tests are about single reminders."""
    monkeypatch.setitem(ticking.PARTS, "digests", lambda now: 0)


@pytest.fixture
def manager(db):
    return MandateFactory(role=Role.MANAGER)


@pytest.fixture
def case(manager):
    return CaseFactory(
        centre=manager.centre, owner=manager.user, reply_by=MONDAY, subject="Lieferzone"
    )


def tick(moment):
    """One beat of the clock, and the worker that does what it queued, for people who want mails."""
    want_single_mails()
    with time_machine.travel(moment, tick=False):
        counts = ticking.tick()
        delivering.send_all(delivering.due_ids(moment))
    return counts


def mails():
    return list(OutgoingMail.objects.order_by("pk").values_list("to", "subject"))


def test_many_ticks_make_one_mail(case, manager):
    for minutes in range(5):
        tick(MONDAY_NOON + timedelta(minutes=minutes))

    assert mails() == [(manager.user.email, notice("Answer due today", case))]
    reminder = Reminder.objects.get()
    assert (reminder.recipient, reminder.sent_at) == (manager.user, MONDAY_NOON)
    assert reminder.mail.key == f"reminder:{reminder.pk}"
    assert f"/anlaufstelle/{case.pk}/" in reminder.mail.text


def test_reminder_found_at_night_goes_out_in_the_morning(case):
    tick(datetime(2026, 11, 22, 23, 1, tzinfo=UTC))  # Monday, one past midnight in Berlin
    tick(datetime(2026, 11, 23, 7, 59, tzinfo=UTC))
    assert mails() == []

    tick(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))

    assert [subject for _to, subject in mails()] == [notice("Answer due today", case)]


def test_missed_night_heals_itself(case):
    tick(MONDAY_NOON - timedelta(days=10))

    tick(TUESDAY_NOON)

    assert [subject for _to, subject in mails()] == [notice("Answer overdue", case)]


def test_late_worker_waits_for_the_next_opening(case):
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
    reminder = Reminder.objects.get()

    with time_machine.travel(MONDAY_NIGHT, tick=False):
        assert delivering.send_all([reminder.pk]) == 0

    reminder.refresh_from_db()
    assert reminder.due_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert mails() == []


def test_moved_date_skips_the_old_reminder_with_a_reason(case):
    tick(datetime(2026, 11, 23, 1, tzinfo=UTC))
    case.reply_by = date(2026, 11, 27)
    case.save()

    tick(MONDAY_NOON)

    old = Reminder.objects.get(occurs_on=MONDAY)
    assert old.skipped_reason == german(MOVED_ON)
    assert mails() == []


def test_closed_case_skips_its_reminder(case):
    tick(datetime(2026, 11, 23, 1, tzinfo=UTC))
    Case.objects.update(state="closed", outcome="answered", closed_at=MONDAY_NOON)

    tick(MONDAY_NOON)

    assert Reminder.objects.get().skipped_reason == german("The case is closed.")
    assert mails() == []


def test_reached_milestone_skips_its_reminder(manager):
    project = ProjectFactory(centre=manager.centre, lead=manager.user)
    milestone = MilestoneFactory(project=project, planned_on=MONDAY)
    tick(datetime(2026, 11, 23, 1, tzinfo=UTC))
    milestone.reached_on = MONDAY
    milestone.save()

    tick(MONDAY_NOON)

    assert Reminder.objects.get().skipped_reason == german(MOVED_ON)


def test_milestone_is_told_to_the_project_lead(manager):
    project = ProjectFactory(centre=manager.centre, lead=manager.user, title="Markt")
    MilestoneFactory(project=project, planned_on=MONDAY, title="Vergabe")

    tick(MONDAY_NOON)

    assert mails() == [(manager.user.email, notice("Milestone due", f"Vergabe ({project})"))]


def returning(manager, parked_by):
    return IdeaFactory(
        centre=manager.centre,
        state="parked",
        reason="Später",
        returns_on=MONDAY,
        parked_by=parked_by,
    )


def test_idea_that_is_back_is_told_to_who_parked_it(manager):
    idea = returning(manager, manager.user)

    tick(MONDAY_NOON)

    assert mails() == [(manager.user.email, notice("Idea back from the pool", str(idea)))]


def test_idea_of_somebody_who_left_is_told_to_who_leads_the_desk(manager):
    returning(manager, UserFactory(is_active=False))

    tick(MONDAY_NOON)

    assert [to for to, _subject in mails()] == [manager.user.email]


def test_idea_that_went_on_skips_its_reminder(manager):
    idea = returning(manager, manager.user)
    tick(datetime(2026, 11, 23, 1, tzinfo=UTC))
    move_idea(idea, to="in_review", by=manager.user)

    tick(MONDAY_NOON)

    assert Reminder.objects.get().skipped_reason == german(MOVED_ON)


def test_deputy_receives_what_is_due_for_an_absent_owner(case, manager):
    deputy = MandateFactory(role=Role.DEPUTY, centre=manager.centre)
    Absence.objects.create(user=manager.user, deputy=deputy.user, starts_on=MONDAY, ends_on=MONDAY)

    tick(MONDAY_NOON)

    assert [to for to, _subject in mails()] == [deputy.user.email]
    stands_in = german("You receive this because you stand in for %(owner)s.")
    assert stands_in % {"owner": manager.user.name} in OutgoingMail.objects.get().text
    assert Case.objects.get().owner == manager.user


def test_deputy_who_may_not_see_the_case_is_told_nothing(case, manager):
    stranger = MandateFactory(role=Role.MANAGER)  # of another carrier and centre
    colleague = MandateFactory(role=Role.DEPUTY, centre=manager.centre)
    Absence.objects.create(
        user=manager.user, deputy=stranger.user, starts_on=MONDAY, ends_on=MONDAY
    )

    tick(MONDAY_NOON)

    assert stranger.user.email not in [to for to, _subject in mails()]
    assert colleague.user.email not in [to for to, _subject in mails()]
    assert [to for to, _subject in mails()] == [manager.user.email]


def test_absences_in_a_circle_end_at_the_manager(manager):
    """Each of three names the next one as deputy, and all are away."""
    staff = [MandateFactory(role=Role.DESK, centre=manager.centre).user for _ in range(3)]
    for person, deputy in zip(staff, staff[1:] + staff[:1], strict=True):
        Absence.objects.create(user=person, deputy=deputy, starts_on=MONDAY, ends_on=MONDAY)
    case = CaseFactory(centre=manager.centre, owner=staff[0], reply_by=MONDAY)

    tick(MONDAY_NOON)

    assert mails() == [(manager.user.email, notice("Answer due today", case))]


def test_absences_in_a_circle_reach_a_manager_who_wants_no_single_mails(manager):
    """The manager's own digest does not name the colleague's case: a mail must."""
    desk, other = (MandateFactory(role=Role.DESK, centre=manager.centre).user for _ in range(2))
    for person, deputy in ((desk, other), (other, desk)):
        Absence.objects.create(user=person, deputy=deputy, starts_on=MONDAY, ends_on=MONDAY)
    CaseFactory(centre=manager.centre, owner=desk, reply_by=MONDAY)
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
        delivering.send_all(delivering.due_ids(MONDAY_NOON))

    assert [to for to, _subject in mails()] == [manager.user.email]


def test_manager_of_the_case_s_own_carrier_is_told(manager):
    """Two carriers share the desk; the owner of the second one's case has left."""
    second = MandateFactory(role=Role.MANAGER, centre=manager.centre, carrier=CarrierFactory())
    former = UserFactory()
    CaseFactory(centre=manager.centre, carrier=second.carrier, owner=former, reply_by=MONDAY)

    tick(MONDAY_NOON)

    assert [to for to, _subject in mails()] == [second.user.email]


def test_case_of_somebody_who_left_goes_to_the_manager(manager):
    former = MandateFactory(role=Role.DESK, centre=manager.centre, ends_on=date(2026, 10, 31))
    CaseFactory(centre=manager.centre, owner=former.user, reply_by=MONDAY)

    tick(MONDAY_NOON)

    assert [to for to, _subject in mails()] == [manager.user.email]


def test_nobody_with_a_mandate_leaves_a_visible_reason(db):
    CaseFactory(reply_by=MONDAY)

    tick(MONDAY_NOON)

    assert Reminder.objects.get().skipped_reason == german("Nobody who may see it holds a mandate.")


def test_waiting_case_is_taken_up_and_its_owner_told_once(case, manager):
    since = {"waiting_since": date(2026, 11, 16), "reply_by": date(2026, 11, 20)}
    Case.objects.update(state="waiting", waiting_until=MONDAY, **since)

    first, second = tick(MONDAY_NOON), tick(MONDAY_NOON + timedelta(minutes=1))

    case.refresh_from_db()
    assert (first["resumed"], second["resumed"]) == (1, 0)
    assert (case.state, case.waiting_until) == ("open", None)
    assert case.reply_by == date(2026, 11, 27)  # five working days later
    assert case.messages.get().event == Message.Event.RESUMED
    assert mails() == [(manager.user.email, notice("Waiting time is over", case))]


def test_failing_part_is_counted_and_stops_no_other(case, monkeypatch, caplog):
    def break_down(now):
        raise RuntimeError("disk full")

    monkeypatch.setitem(ticking.PARTS, "reminders", break_down)
    Case.objects.update(state="waiting", waiting_until=MONDAY)

    counts = tick(MONDAY_NOON)

    assert counts == {
        "failed": 1,
        "resumed": 1,
        "escalated": 0,
        "failed_reminders": 1,
        "digests": 0,
        "queued": 1,
        "mails": 0,
        "mailboxes": 0,
        "incoming": 0,
        "imports": 0,
        "disclosures": 0,
        "voices": 0,
        "comments": 0,
        "purged": 0,
    }
    assert "The part reminders of the tick failed" in caplog.text
    assert Tick.objects.get().counts == counts


def test_case_that_cannot_be_taken_up_holds_back_no_other(case, manager, monkeypatch, caplog):
    other = CaseFactory(centre=manager.centre, owner=manager.user)
    Case.objects.update(state="waiting", waiting_until=MONDAY)
    end = pauses.end
    broken = case.pk

    def refuse_one(case, *args):
        if case.pk == broken:
            raise RuntimeError("broken row")
        return end(case, *args)

    monkeypatch.setattr(pauses, "end", refuse_one)

    assert tick(MONDAY_NOON)["resumed"] == 1
    other.refresh_from_db()
    assert other.state == "open"


def test_tick_takes_the_same_queries_for_any_number(manager):
    place = {"centre": manager.centre, "owner": manager.user}
    needed = []
    for count in (2, 30):
        for number in range(count):
            waiting = {"state": "waiting", "waiting_until": MONDAY, "waiting_since": MONDAY}
            CaseFactory(**place, **(waiting if number % 2 else {"reply_by": MONDAY}))
        with time_machine.travel(MONDAY_NIGHT, tick=False), CaptureQueriesContext(connection) as q:
            assert ticking.tick()["failed"] == 0
        needed.append(len(q))

    assert Reminder.objects.count() == 32
    assert needed[0] == needed[1]


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_write_one_reminder(manager, case):
    with time_machine.travel(MONDAY_NOON, tick=False):
        results = run_at_once(ticking.tick)

    assert [result["failed"] for result in results] == [0, 0, 0, 0]
    assert Reminder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_take_a_waiting_case_up_once(manager, case, monkeypatch, caplog):
    Case.objects.update(state="waiting", waiting_until=MONDAY, reply_by=date(2026, 12, 20))
    meet_before(monkeypatch, reminding, "resume_all", times=4)

    with time_machine.travel(MONDAY_NOON, tick=False):
        results = run_at_once(ticking.tick)

    assert sum(result["resumed"] for result in results) == 1
    assert Message.objects.count() == 1
    assert Reminder.objects.get().kind == Reminder.Kind.WAIT_OVER
    assert "could not be taken up" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_tick_leaves_a_waiting_case_to_who_works_on_it(case, caplog):
    Case.objects.update(state="waiting", waiting_until=MONDAY)

    assert run_beside_locked(Case.objects.all(), lambda: reminding.resume_waiting(MONDAY_NOON)) == 0

    assert caplog.text == ""
    assert reminding.resume_waiting(MONDAY_NOON) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_one_mail(manager, case, monkeypatch, caplog):
    meet_before(monkeypatch, delivering, "_settle", times=4)
    want_single_mails()
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
        reminder = Reminder.objects.get()
        results = run_at_once(lambda: delivering.send_all([reminder.pk]))

    assert sorted(results) == [0, 0, 0, 1]
    assert OutgoingMail.objects.count() == 1
    assert [message.to for message in mail.outbox] == [[manager.user.email]]
    assert "could not be sent" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_for_one_that_has_the_reminder(case, caplog):
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
        due = delivering.due_ids(MONDAY_NOON)

        assert run_beside_locked(Reminder.objects.all(), lambda: delivering.send_all(due)) == 0

    assert "could not be sent" not in caplog.text


def test_reminder_that_fails_holds_back_no_other_and_stays_due(case, manager, monkeypatch, caplog):
    CaseFactory(centre=manager.centre, owner=manager.user, reply_by=MONDAY)
    want_single_mails()
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
    matter_of = matters.matter_of

    def fail_once(reminder):
        if reminder.case_id == case.pk:
            raise RuntimeError("broken row")
        return matter_of(reminder)

    monkeypatch.setattr(matters, "matter_of", fail_once)
    with time_machine.travel(MONDAY_NOON, tick=False):
        assert delivering.send_all(delivering.due_ids(MONDAY_NOON)) == 1

    assert [reminder.case for reminder in Reminder.objects.undelivered()] == [case]
    assert "could not be sent" in caplog.text


@pytest.mark.parametrize("count", [1, 3])
def test_each_reminder_needs_the_same_queries(case, manager, count, django_assert_num_queries):
    for _ in range(count - 1):
        CaseFactory(centre=manager.centre, owner=manager.user, reply_by=MONDAY)
    want_single_mails()
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
        due = delivering.due_ids(MONDAY_NOON)

        with django_assert_num_queries(13 + 5 * count):
            assert delivering.send_all(due) == count
