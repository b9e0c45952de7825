"""A mail to six people while the mail server refuses, hangs, or the worker is killed: nobody gets
it twice, whoever did not get it at first gets it later."""

from collections import Counter

import pytest
from django.utils import timezone

from tests.jobs.workers import wait_until
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import post
from zentrum.mail.sweeping import sweep

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = [f"laden{number}@example.org" for number in range(1, 7)]


def write():
    first, *others = PEOPLE
    return post(
        key="answer",
        to=first,
        also_to=others[:3],
        cc=others[3:],
        subject="Ihre Idee",
        template="contacts/email/digest",
        context={},
    )


def count(**fields):
    return OutgoingMail.objects.filter(**fields).count()


def deliver_the_rest():
    unsent = OutgoingMail.objects.unsent()
    unsent.update(next_attempt_at=timezone.now())
    for _ in range(2):  # a mail that is queued twice is still sent once
        sweep()
    wait_until(lambda: not unsent.exists(), what="the rest to be delivered")


def assert_each_got_it_once(sink):
    assert Counter(sink.recipients) == Counter(PEOPLE)
    assert len(set(sink.accepted)) == 1
    assert count(sent_at__isnull=False, last_error="") == len(PEOPLE)


def test_a_server_that_takes_half_of_them_at_first(start_worker, sink):
    sink.refused = dict.fromkeys(PEOPLE[::2], "450 try later")
    start_worker()
    write()
    wait_until(lambda: count(attempts=1) == len(PEOPLE))
    assert sorted(sink.recipients) == PEOPLE[1::2]
    assert count(sent_at=None, last_error="450 try later") == 3

    sink.refused = {}
    deliver_the_rest()

    assert_each_got_it_once(sink)


def test_a_server_that_hangs_at_one_of_them(start_worker, sink):
    sink.holds_for = {PEOPLE[2]}
    start_worker()
    write()
    wait_until(lambda: count(attempts=1) == len(PEOPLE))
    assert OutgoingMail.objects.get(to=PEOPLE[2]).state == "retrying"
    assert len(sink.recipients) == len(PEOPLE) - 1

    sink.holds_for = set()
    deliver_the_rest()

    assert_each_got_it_once(sink)


def test_a_server_that_takes_the_connection_and_never_answers(start_worker, sink, settings):
    """The time-out makes it a visible retry; a worker that waits for ever would block the next."""
    start_worker()
    with sink.mute():
        mail = post(
            key="one", to=PEOPLE[0], subject="Idee", template="contacts/email/digest", context={}
        )
        wait_until(lambda: count(attempts=1) == 1, seconds=4 * settings.EMAIL_TIMEOUT)

    mail.refresh_from_db()
    assert (mail.state, mail.next_attempt_at > timezone.now()) == ("retrying", True)
    assert "timed out" in mail.last_error
    deliver_the_rest()
    assert sink.recipients == PEOPLE[:1]


def test_a_worker_killed_between_two_of_them(start_worker, sink):
    sink.holds_for = {PEOPLE[2]}
    worker = start_worker()
    write()
    wait_until(lambda: sink.held == 1)

    worker.kill()
    sink.holds_for = set()
    assert sink.recipients == PEOPLE[:2]
    start_worker()
    deliver_the_rest()

    assert_each_got_it_once(sink)
