"""How many reminders a real worker mails in a second, beside two floors of the same run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from contacts.followups import ticking
from contacts.models import Case, Reminder, ReminderSettings
from zentrum.celery import app
from zentrum.local import ports
from zentrum.local.benchmarks.loading import Office
from zentrum.local.benchmarks.marks import DONE, NOOP
from zentrum.mail.models import OutgoingMail

CONCURRENCY = 2  # as in `manage.py up`
DATABASE_IN_REDIS = 15
PATIENCE = 120  # seconds
WARM_UP = 100  # each process loads its templates, opens its connections, asks for the host name


def measure(office: Office, count: int) -> dict[str, float]:
    """Per second: reminders mailed, tasks that do nothing, mails of a bare `send_mail` loop."""
    url = own_redis()
    port = ports.any_free()
    with ExitStack() as stack:
        client = stack.enter_context(redis.Redis.from_url(url))
        client.flushdb()
        stack.enter_context(_queueing_at(url))
        stack.enter_context(_process(["-m", "zentrum.local.benchmarks.sink", str(port)], {}))
        _wait(lambda: not ports.is_free(port))
        stack.enter_context(_worker(url, port))
        _reminder_rate(office, WARM_UP)
        _send_mail_rate(port, 1)
        noop = _noop_rate(client, count)
        mailed = _reminder_rate(office, count)
        bare = _send_mail_rate(port, count)
        client.flushdb()
    return {
        "reminders_per_second": round(mailed, 1),
        "noop_tasks_per_second": round(noop, 1),
        "send_mail_per_second": round(bare, 1),
        "of_noop": round(mailed / noop, 3),
        "of_send_mail": round(mailed / bare, 3),
    }


def own_redis() -> str:
    """A database of the benchmark's own in the portal's Redis: it may be emptied."""
    return settings.REDIS_URL.rsplit("/", 1)[0] + f"/{DATABASE_IN_REDIS}"


def _noop_rate(client: redis.Redis, count: int) -> float:
    app.send_task(NOOP, [0])  # the worker is up when this is done
    _wait(lambda: client.exists(DONE) == 1)
    client.delete(DONE)
    started = time.perf_counter()
    for number in range(count, -1, -1):
        app.send_task(NOOP, [number])
    _wait(lambda: client.exists(DONE) == 1 and client.llen("celery") == 0)
    return count / (time.perf_counter() - started)


def _reminder_rate(office: Office, count: int) -> float:
    """From the tick's queueing to the last mail that the server has accepted."""
    sent = OutgoingMail.objects.filter(sent_at__isnull=False)
    goal = sent.count() + count
    _write_due_reminders(office, count)
    started = time.perf_counter()
    ticking.queue_due(timezone.now())
    _wait(lambda: sent.count() >= goal)
    return count / (time.perf_counter() - started)


def _write_due_reminders(office: Office, count: int) -> None:
    cases = Case.objects.filter(owner=office.manager, state=Case.State.CLOSED).order_by("-pk")
    keys = list(cases.values_list("pk", flat=True)[:count])
    Case.objects.filter(pk__in=keys).update(
        state=Case.State.OPEN, outcome="", outcome_text="", closed_at=None
    )
    ReminderSettings.objects.update_or_create(user=office.manager, defaults={"wants_single": True})
    now = timezone.now()
    Reminder.objects.bulk_create(
        Reminder(
            key=f"bench:{pk}",
            kind=Reminder.Kind.WAIT_OVER,
            case_id=pk,
            occurs_on=timezone.localdate(now),
            owner=office.manager,
            due_at=now,
        )
        for pk in keys
    )


def _send_mail_rate(port: int, count: int) -> float:
    """The same message that a reminder is, without database, queue and worker."""
    letter = OutgoingMail.objects.filter(reminder__isnull=False).latest("pk")
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    plain = {"EMAIL_HOST": "127.0.0.1", "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}
    login = {"EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_PORT=port, **plain, **login):
        started = time.perf_counter()
        for _number in range(count):
            send_mail(letter.subject, letter.text, None, [letter.to], html_message=letter.html)
        return count / (time.perf_counter() - started)


@contextmanager
def _queueing_at(url: str) -> Iterator[None]:
    before = app.conf.broker_url
    _queue_at(url)
    try:
        yield
    finally:
        _queue_at(before)


def _queue_at(url: str) -> None:
    app.conf.broker_url = url
    app._pool = app.amqp._producer_pool = None


@contextmanager
def _worker(redis_url: str, smtp_port: int) -> Iterator[None]:
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    place = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    arguments = ["-m", "celery", "--app", "zentrum.local.benchmarks.worker_app", "worker"]
    arguments += ["--concurrency", str(CONCURRENCY), "--without-gossip", "--loglevel", "WARNING"]
    surroundings = {
        "DATABASE_URL": f"postgres://{login}@{place}",
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "LOG_LEVEL": "WARNING",
    }
    with _process(arguments, surroundings):
        yield


@contextmanager
def _process(arguments: list[str], surroundings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "zentrum.settings"} | surroundings,
        cwd=Path(settings.BASE_DIR),
        stdout=sys.stderr,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("The worker did not finish in time.")
        time.sleep(0.05)  # the waiting itself takes next to nothing from the workers
