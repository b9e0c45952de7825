"""Reminders under faults: after recovery each is delivered, none is lost, none comes twice."""

import os
import signal
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from contacts.followups import ticking
from contacts.followups.models import Reminder
from tests.factories.contacts import CaseFactory, ReminderSettingsFactory
from tests.factories.office import MandateFactory
from tests.jobs.workers import wait_until
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
DUE = 30
STEPS = ("rows_locked", "rows_written", "rows_committed", "mail_locked", "handing_over", "accepted")
OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def due(transactional_db, monkeypatch):
    """Reminders whose time has come, and a clock that writes no others."""
    for part in ("reminders", "digests", "escalated"):
        monkeypatch.setitem(ticking.PARTS, part, lambda now: 0)
    manager = MandateFactory(role=Role.MANAGER)
    ReminderSettingsFactory(user=manager.user, wants_single=True)
    day = timezone.localdate()
    now = timezone.now()
    return [
        Reminder.objects.create(
            key=f"due:{number}",
            kind=Reminder.Kind.WAIT_OVER,
            case=CaseFactory(centre=manager.centre, owner=manager.user, reply_by=date(2036, 1, 1)),
            occurs_on=day,
            owner=manager.user,
            due_at=now,
        )
        for number in range(DUE)
    ]


def all_out():
    """The clock ticks on, as it does each minute, until nothing is left."""
    OutgoingMail.objects.filter(sent_at=None).update(next_attempt_at=timezone.now())
    ticking.tick()
    return not Reminder.objects.undelivered().exists() and not (
        OutgoingMail.objects.filter(sent_at__isnull=True).exists()
    )


def recovered():
    wait_until(all_out, what="reminders to go out", pause=0.5)


def mails():
    return Counter(OutgoingMail.objects.values_list("message_id", flat=True))


@pytest.mark.parametrize("step", STEPS)
def test_worker_killed_at_any_step_loses_nothing(
    due, start_worker, sink, monkeypatch, tmp_path, step
):
    """Killed between the server's OK and the commit, the one mail goes out again with its
    Message-ID, by which mail systems drop the copy (docs/decisions/002)."""
    flag = tmp_path / "die"
    flag.touch()
    monkeypatch.setenv("DIE_AT", step)
    monkeypatch.setenv("DIE_FLAG", str(flag))
    ticking.queue_due(timezone.now())

    start_worker(app="tests.jobs.dying")
    wait_until(lambda: not flag.exists(), what=f"the worker to die: {step}")
    recovered()

    accepted = Counter(sink.accepted)
    assert accepted.keys() == mails().keys()
    assert len(accepted) == Reminder.objects.filter(sent_at__isnull=False).count() == DUE
    assert sorted(accepted.values())[-2:] == ([1, 2] if step == "accepted" else [1, 1])


def test_redis_killed_with_a_full_queue(due, start_worker, sink, redis):
    ticking.queue_due(timezone.now())
    os.kill(redis.pid, signal.SIGKILL)
    assert ticking.tick()["failed"] == 0
    redis.start()

    start_worker(app="tests.jobs.always_open")
    recovered()

    assert set(Counter(sink.accepted).values()) == {1}
    assert len(sink.accepted) == DUE


def test_redis_killed_under_a_worker(due, start_worker, sink, redis):
    start_worker(app="tests.jobs.always_open")
    os.kill(redis.pid, signal.SIGKILL)
    assert ticking.tick()["failed"] == 0
    redis.start()

    recovered()

    assert set(Counter(sink.accepted).values()) == {1}
    assert len(sink.accepted) == DUE


def test_database_ends_every_session_of_a_worker(due, start_worker, sink):
    """As PostgreSQL does when it is restarted, in the middle of a delivery."""
    sink.holds = True
    start_worker(app="tests.jobs.always_open")
    ticking.queue_due(timezone.now())
    wait_until(lambda: sink.held == 1)

    with connection.cursor() as cursor:
        cursor.execute(OTHER_SESSIONS)
    sink.holds = False
    sink.stop()
    sink.start()
    recovered()

    assert set(Counter(sink.accepted).values()) == {1}
    assert len(sink.accepted) == DUE


def test_database_crashes_in_the_middle_of_a_delivery(postgresql, due, start_worker, sink):
    """The worker and its connections outlive it; what was not noted as sent goes out again."""
    sink.holds = True
    start_worker(app="tests.jobs.always_open")
    ticking.queue_due(timezone.now())
    wait_until(lambda: sink.held == 1)

    postgresql.crash()
    sink.holds = False
    sink.stop()
    sink.start()
    postgresql.start_again()
    recovered()

    assert set(Counter(sink.accepted).values()) == {1}
    assert len(sink.accepted) == DUE
