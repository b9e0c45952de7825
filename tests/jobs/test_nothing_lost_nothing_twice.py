"""A worker process, Redis and the mail server fail, one after the other."""

from collections import Counter
from datetime import date

import pytest
import redis as redis_client
from django.utils import timezone

from contacts.followups import ticking
from contacts.followups.models import Reminder
from tests.factories.contacts import CaseFactory, ReminderSettingsFactory
from tests.factories.office import MandateFactory
from tests.jobs.workers import wait_until
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import post
from zentrum.mail.sweeping import sweep

pytestmark = pytest.mark.django_db(transaction=True)


def write(key):
    return post(
        key=key,
        to="laden@example.org",
        subject="Ihre Idee",
        template="contacts/email/digest",
        context={},
    )


def is_sent(mail):
    return OutgoingMail.objects.filter(pk=mail.pk, sent_at__isnull=False).exists()


def finish(sink):
    """Wait until the only worker has done everything that was queued before this moment."""
    last = write(f"last-{len(sink.accepted)}")
    wait_until(lambda: is_sent(last))
    sink.accepted.remove(last.message_id)


def test_killed_worker_sends_its_mail_exactly_once(start_worker, sink):
    sink.holds = True
    worker = start_worker()
    mail = write("idea-1")
    wait_until(lambda: sink.held == 1)

    worker.kill()
    sink.holds = False
    start_worker()
    assert ticking.tick()["mails"] == 1
    wait_until(lambda: is_sent(mail))
    ticking.tick()
    finish(sink)

    assert sink.accepted == [mail.message_id]


def test_redis_may_stop_and_start(start_worker, sink, redis):
    start_worker()
    redis.stop()

    mail = write("idea-1")  # the request does not fail
    assert not is_sent(mail)
    assert ticking.tick()["failed"] == 0

    redis.start()
    wait_until(lambda: sweep() == 1)
    wait_until(lambda: is_sent(mail))
    finish(sink)
    assert sink.accepted == [mail.message_id]


def test_mail_server_may_go_and_come_back(start_worker, sink):
    start_worker()
    sink.stop()
    mails = [write("idea-1"), write("idea-2")]
    wait_until(lambda: OutgoingMail.objects.filter(attempts=1).count() == 2)
    assert ticking.tick()["mails"] == 0  # their next attempt is a minute away

    sink.start()
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    assert ticking.tick()["mails"] == 2
    wait_until(lambda: all(is_sent(mail) for mail in mails))
    ticking.tick()
    finish(sink)

    assert sorted(sink.accepted) == sorted(mail.message_id for mail in mails)


def test_two_workers_send_each_reminder_once(start_worker, sink, redis, monkeypatch):
    monkeypatch.setitem(ticking.PARTS, "reminders", lambda now: 0)
    monkeypatch.setitem(ticking.PARTS, "digests", lambda now: 0)
    manager = MandateFactory(role=Role.MANAGER)
    ReminderSettingsFactory(user=manager.user, wants_single=True)
    for _number in range(30):
        waiting = {"state": "waiting", "waiting_until": date(2026, 1, 5)}
        CaseFactory(centre=manager.centre, owner=manager.user, reply_by=date(2036, 1, 1), **waiting)
    assert ticking.tick()["resumed"] == 30
    Reminder.objects.update(due_at=timezone.now())
    for _ in range(3):
        assert ticking.tick()["queued"] == 30

    for _ in range(2):
        start_worker(app="tests.jobs.always_open")
    wait_until(lambda: OutgoingMail.objects.filter(sent_at__isnull=False).count() == 30)
    wait_until(lambda: is_idle(redis))

    assert set(Counter(sink.accepted).values()) == {1}
    assert Reminder.objects.filter(sent_at__isnull=False).count() == len(sink.accepted) == 30


def is_idle(server):
    """Nothing is queued and nothing is being worked on."""
    with redis_client.Redis.from_url(server.url) as client:
        return client.llen("celery") == 0 and client.hlen("unacked") == 0
