from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from contacts.followups import heartbeat
from zentrum.mail.models import OutgoingMail
from zentrum.portal import health

ALL_WELL = {"database": True, "redis": True, "migrations": True, "tick": True, "mail": True}
ALL_WELL |= {"mailboxes": True}


def states(client):
    response = client.get("/readyz")
    checks = response.json()["checks"]
    return response.status_code, {name: check["ok"] for name, check in checks.items()}


def mail(**fields):
    return OutgoingMail.objects.create(key="a", message_id="<a@b>", to="a@example.org", **fields)


def test_process_answers_without_the_database(client):
    response = client.get("/healthz")  # no `db` fixture: a query would fail the test

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_every_part_works(client):
    heartbeat.beat(timezone.now(), {})

    assert states(client) == (200, ALL_WELL)


@pytest.mark.django_db
def test_not_ready_while_the_clock_stands_still(client):
    assert states(client) == (503, ALL_WELL | {"tick": False})
    heartbeat.beat(timezone.now() - timedelta(minutes=6), {})
    assert states(client) == (503, ALL_WELL | {"tick": False})


@pytest.mark.django_db
def test_not_ready_while_mails_are_late(client):
    heartbeat.beat(timezone.now(), {})
    late = mail(next_attempt_at=timezone.now() - timedelta(minutes=16))
    assert states(client) == (503, ALL_WELL | {"mail": False})

    late.next_attempt_at = timezone.now() + timedelta(hours=1)  # it failed and waits its turn
    late.save()
    assert states(client) == (200, ALL_WELL)


@pytest.mark.django_db
def test_not_ready_without_redis_and_says_no_address(client, settings):
    heartbeat.beat(timezone.now(), {})
    settings.REDIS_URL = "redis://:geheim@127.0.0.1:1/0"

    assert states(client) == (503, ALL_WELL | {"redis": False})
    assert "geheim" not in client.get("/readyz").text


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client):
    heartbeat.beat(timezone.now(), {})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == {"ok": False, "missing": 1}


@pytest.mark.django_db
def test_broken_check_is_an_answer_and_no_crash(client, monkeypatch):
    def break_down(now):
        raise OSError("no route to db.example.org")

    monkeypatch.setitem(health.CHECKS, "database", break_down)

    response = client.get("/readyz")

    assert response.json()["checks"]["database"] == {"ok": False}
    assert "example.org" not in response.text


@pytest.mark.django_db
def test_heartbeat_is_one_row_and_tells_its_age(django_assert_num_queries):
    now = timezone.now()
    assert heartbeat.is_stale(now)

    heartbeat.beat(now - timedelta(minutes=9), {"mails": 1})
    heartbeat.beat(now, {"mails": 2})

    with django_assert_num_queries(1):
        assert heartbeat.is_stale(now + timedelta(minutes=5)) is False
    assert heartbeat.is_stale(now + timedelta(minutes=5, seconds=1)) is True
