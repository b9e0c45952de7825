"""How the portal is: whether the process answers, and whether all its parts do their work."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from contacts.followups import heartbeat
from contacts.mailbox import health as mailboxes
from zentrum.mail.models import OutgoingMail

logger = logging.getLogger(__name__)

MAIL_LATE_AFTER = timedelta(minutes=15)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nobody, so that a database at rest does not restart it."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Every part does its work: 200, else 503. Says what is wrong, never a name or an address."""
    checks = {name: _tried(name, check) for name, check in CHECKS.items()}
    is_ready = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": checks},
        status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _tried(name: str, check: Callable[[datetime], dict[str, Any]]) -> dict[str, Any]:
    try:
        return check(timezone.now())
    except Exception as error:  # a health check reports, it never fails itself
        logger.warning("The health check %s failed: %s", name, error)
        return {"ok": False}


def _database(now: datetime) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _redis(now: datetime) -> dict[str, Any]:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    ) as client:
        return {"ok": bool(client.ping())}


def _migrations(now: datetime) -> dict[str, Any]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"ok": missing == 0, "missing": missing}


def _tick(now: datetime) -> dict[str, Any]:
    ran_at = heartbeat.last_tick()
    age = int((now - ran_at).total_seconds()) if ran_at else None
    return {"ok": not heartbeat.is_stale(now), "seconds_ago": age}


def _mail(now: datetime) -> dict[str, Any]:
    """A mail that waits for its next attempt after a failure is not late: its time is to come."""
    oldest = OutgoingMail.objects.unsent().aggregate(
        created_at=Min("created_at"), due_at=Min("next_attempt_at")
    )
    if not oldest["due_at"]:
        return {"ok": True, "oldest_unsent_seconds": 0}
    age = int((now - oldest["created_at"]).total_seconds())
    return {"ok": now - oldest["due_at"] < MAIL_LATE_AFTER, "oldest_unsent_seconds": age}


def _mailboxes(now: datetime) -> dict[str, Any]:
    failing = mailboxes.failing_count(now)
    return {"ok": failing == 0, "failing": failing}


CHECKS: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
    "tick": _tick,
    "mail": _mail,
    "mailboxes": _mailboxes,
}
