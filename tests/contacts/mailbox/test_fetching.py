"""Fetching from a server that speaks IMAP on localhost, one of our own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.mailbox import fetching, health, sweeping
from contacts.models import IncomingMail, Mailbox
from tests.concurrency import run_at_once
from tests.contacts.mailbox import imap_server
from tests.contacts.mailbox.corpus.building import plain
from tests.factories.office import MandateFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return imap_server.Store()


@pytest.fixture
def queued(monkeypatch):
    ids = []
    monkeypatch.setattr("contacts.mailbox.processing_tasks.process.delay", ids.append)
    return ids


@pytest.fixture
def fetched(mailbox, store, queued, monkeypatch):
    monkeypatch.setenv("MAILBOX_DESK_PASSWORD", store.password)
    with imap_server.running(store) as port:
        mailbox.host, mailbox.port, mailbox.security = "127.0.0.1", port, "none"
        mailbox.user, mailbox.secret_name = "desk", "MAILBOX_DESK_PASSWORD"
        mailbox.save()
        yield mailbox


def test_each_mail_is_kept_once_and_queued(fetched, store, queued):
    store.add(plain("eins", number="1"))
    store.add(plain("zwei", number="2"))

    counts = [fetching.fetch(fetched.pk), fetching.fetch(fetched.pk)]
    store.add(plain("drei", number="3"))
    counts.append(fetching.fetch(fetched.pk))

    fetched.refresh_from_db()
    mails = list(IncomingMail.objects.order_by("pk"))
    assert (counts, queued) == ([2, 0, 1], [mail.pk for mail in mails])
    assert (fetched.last_uid, fetched.fetching_since, fetched.last_error) == (3, None, "")
    assert fetched.last_success_at


def test_nothing_in_the_mailbox_is_changed(fetched, store):
    store.add(plain())

    fetching.fetch(fetched.pk)

    words = {command.split(" ")[0] for command in store.commands}
    assert words <= {"CAPABILITY", "LOGIN", "EXAMINE", "STATUS", "UID", "LOGOUT"}
    assert not [c for c in store.commands if "FETCH" in c and "BODY[" in c]  # PEEK leaves it unread


def test_new_numbers_of_the_server_make_no_second_mail(fetched, store):
    store.add(plain())
    fetching.fetch(fetched.pk)

    store.validity += 1
    assert fetching.fetch(fetched.pk) == 0

    assert IncomingMail.objects.count() == 1


def test_mail_that_the_server_does_not_give_stops_nothing_for_good(fetched, store):
    first = store.add(plain(number="1"))
    store.add(plain(number="2"))
    store.broken.add(first)
    fetching.fetch(fetched.pk)
    fetched.refresh_from_db()
    assert "no content" in fetched.last_error

    store.broken.clear()

    assert fetching.fetch(fetched.pk) == 2


def test_too_large_a_mail_is_held_back_with_its_headers(fetched, store, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    store.add(plain("x" * 2000))

    fetching.fetch(fetched.pk)

    mail = IncomingMail.objects.get()
    assert (mail.action, mail.reason) == ("quarantined", "too_large")
    assert mail.raw.size < 1000


def test_token_signs_in(fetched, store, monkeypatch):
    monkeypatch.setenv("MAILBOX_DESK_PASSWORD", store.token)
    Mailbox.objects.update(login="xoauth2")
    store.add(plain())

    assert fetching.fetch(fetched.pk) == 1


def test_outage_is_noted_and_told_once(fetched, monkeypatch):
    MandateFactory(role=Role.TECHNICAL, user__email="technik@example.org")
    monkeypatch.setenv("MAILBOX_DESK_PASSWORD", "falsch")
    fetching.fetch(fetched.pk)
    fetched.refresh_from_db()
    assert "wrong password" in fetched.last_error
    assert (health.failing_count(timezone.now()), OutgoingMail.objects.count()) == (0, 0)

    Mailbox.objects.update(failing_since=timezone.now() - timedelta(minutes=20))
    fetching.fetch(fetched.pk)
    fetching.fetch(fetched.pk)

    assert health.failing_count(timezone.now()) == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["technik@example.org"]


def test_success_ends_the_outage(fetched):
    Mailbox.objects.update(failing_since=timezone.now() - timedelta(days=1), last_error="weg")

    fetching.fetch(fetched.pk)

    fetched.refresh_from_db()
    assert (fetched.failing_since, fetched.last_error) == (None, "")


def test_secret_that_is_not_set_is_said(fetched, monkeypatch):
    monkeypatch.delenv("MAILBOX_DESK_PASSWORD")

    fetching.fetch(fetched.pk)

    fetched.refresh_from_db()
    assert "MAILBOX_DESK_PASSWORD is not set" in fetched.last_error


def test_one_mailbox_that_fails_stops_no_other(fetched, store, monkeypatch):
    other = Mailbox.objects.create(
        name="Kaputt",
        address="kaputt@stadt.example",
        carrier=fetched.carrier,
        centre=fetched.centre,
        host="127.0.0.1",
        port=1,
        security="none",
        user="x",
        secret_name="MAILBOX_DESK_PASSWORD",
    )
    store.add(plain())
    monkeypatch.setattr("contacts.mailbox.sweeping.fetch.delay", fetching.fetch)

    assert sweeping.fetch_mailboxes() == 2

    other.refresh_from_db()
    assert (IncomingMail.objects.count(), bool(other.failing_since)) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_fetch_one_mailbox_once(fetched, store):
    for number in range(3):
        store.add(plain(number=str(number)))

    counts = run_at_once(lambda: fetching.fetch(fetched.pk), times=2)

    logins = [command for command in store.commands if command.startswith("LOGIN")]
    assert (sum(counts), IncomingMail.objects.count(), len(logins)) == (3, 3, 1)


def test_claim_of_a_dead_worker_ends(fetched, store):
    store.add(plain())
    Mailbox.objects.update(fetching_since=timezone.now())
    assert fetching.fetch(fetched.pk) == 0

    Mailbox.objects.update(fetching_since=timezone.now() - timedelta(minutes=11))

    assert fetching.fetch(fetched.pk) == 1
