"""Ask for pages in turns, so that a noisy machine is noisy for all of them alike."""

import gc
import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.test import Client

from zentrum.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Target:
    """An address that one kind of person asks for."""

    name: str
    url: str
    client: Client
    seconds: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    def ask(self) -> None:
        started = time.perf_counter()
        response = self.client.get(self.url)
        self.seconds.append(time.perf_counter() - started)
        if response.status_code != 200:
            raise RuntimeError(f"{self.name} ({self.url}) answers {response.status_code}")
        self.size = len(response.content)

    def count_queries(self) -> None:
        counted = 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal counted
            counted += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            self.ask()
        self.queries = counted
        self.seconds.clear()


def client_of(user: User | None) -> Client:
    client = Client(headers={"host": "localhost", "accept-language": "de"})
    if user:
        client.force_login(user, BACKEND)
    return client


def measure(targets: list[Target], rounds: int) -> dict[str, dict[str, Any]]:
    """Per target: p50 and p95 in milliseconds, queries, bytes."""
    for target in targets:
        for _warm_up in range(3):
            target.ask()
        target.count_queries()
    gc.collect()
    for _round in range(rounds):
        for target in targets:
            target.ask()
    return {target.name: _figures(target) for target in targets}


def _figures(target: Target) -> dict[str, Any]:
    return {
        "p50_ms": round(median(target.seconds) * 1000, 2),
        "p95_ms": round(quantiles(target.seconds, n=20)[18] * 1000, 2),
        "queries": target.queries,
        "bytes": target.size,
    }
