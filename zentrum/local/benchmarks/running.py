"""The whole benchmark: load, measure, let the office grow, measure again, compare."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from contacts.followups import ticking
from zentrum.local.benchmarks import (
    budgets,
    duplicates,
    imports,
    loading,
    mail_intake,
    money,
    network,
    programme,
    reminders,
)
from zentrum.local.benchmarks import ticks as ticks_of
from zentrum.local.benchmarks.database import own_database
from zentrum.local.benchmarks.measuring import measure
from zentrum.local.benchmarks.pages import FLOORS, targets

SMALL, LARGE, ACTORS, PROJECTS, IDEAS_PER_CASE, REMINDERS = (
    20_000,
    100_000,
    20_000,
    5_000,
    10,
    1_000,
)
SETTINGS = {
    "ROOT_URLCONF": "zentrum.local.benchmarks.floors",
    "DEBUG": False,
    "DEMO": True,  # no second factor for the people who measure
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
}
NOTE = (
    "History grows by time: 10,000 cases a year, five messages each; the smaller office is"
    " {small} years old, the larger one {large}. Ratios compare medians of one run; growth compares"
    " each page's ratio to the template floor, so a machine that slows down meanwhile does not"
    " count."
)


def run(*, quick: bool, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything on a database of its own; returns what was measured and which budgets hold."""
    factor = 10 if quick else 1
    small, large = SMALL // factor, LARGE // factor
    caches = {"default": settings.CACHES["default"] | {"LOCATION": reminders.own_redis()}}
    with own_database(), override_settings(CACHES=caches, **SETTINGS):
        cache.clear()
        office = loading.build_office()
        loading.load_actors(office, ACTORS // factor)
        loading.load_projects(office, PROJECTS // factor)
        money.load_bookings(office)
        programme.load_programmes(office)
        grow = partial(_grow, office, newest=large, rounds=rounds, say=say)
        first, second = grow(first=1, last=small), grow(first=small + 1, last=large)
        ticks = _tick_times() | ticks_of.measure(office, ticks_of.MANY // factor)
        say("reminders …")
        rates = reminders.measure(office, REMINDERS // (2 if quick else 1))
        say("search for duplicates …")
        found_in = duplicates.seconds()
        drawn = network.figures()
        say("import …")
        imported = imports.measure(office.centres[0], imports.ROWS // factor)
        say("mail in …")
        intake = mail_intake.measure(office.centres[0], mail_intake.MAILS)
    _compare(first, second)
    years = {"small": small / loading.CASES_A_YEAR, "large": large / loading.CASES_A_YEAR}
    return {
        "note": NOTE.format(**years),
        "pages": {str(small): first, str(large): second},
        "tick": ticks,
        "reminders": rates,
        "duplicates_seconds": found_in,
        "import": imported,
        "network": drawn,
        "mail_intake": intake,
        "budgets": [
            *budgets.check(first, second, rates),
            *budgets.check_work(found_in, imported, drawn),
            *budgets.check_mail(intake),
            *budgets.check_ticks(ticks),
        ],
    }


def _grow(
    office: loading.Office, *, first: int, last: int, newest: int, rounds: int, say: Callable
) -> dict[str, Any]:
    started = time.perf_counter()
    loading.load_cases(office, first, last, newest)
    each = IDEAS_PER_CASE
    loading.load_ideas(office, first // each + 1, last // each)
    programme.load_goals_of_ideas()
    loading.tidy()
    say(f"{last} cases loaded in {time.perf_counter() - started:.0f} s; measuring …")
    return measure(targets(office), rounds)


def _tick_times() -> dict[str, float]:
    """The first tick writes the reminders that are due, the following ones find them written."""
    seconds = []
    for _tick in range(6):
        started = time.perf_counter()
        counts = ticking.tick()
        seconds.append(time.perf_counter() - started)
        if counts["failed"]:
            raise RuntimeError(f"The tick failed: {counts}")
    return {
        "first_ms": round(seconds[0] * 1000, 1),
        "next_ms": round(median(seconds[1:]) * 1000, 1),
    }


def _compare(first: dict[str, Any], second: dict[str, Any]) -> None:
    for pages in (first, second):
        for figures in pages.values():
            for floor in FLOORS:
                ratio = figures["p50_ms"] / pages[floor]["p50_ms"]
                figures[f"of_{floor}"] = round(ratio, 2)
    for name, figures in second.items():
        before = first[name]["p50_ms"] / first["floor_template"]["p50_ms"]
        now = figures["p50_ms"] / second["floor_template"]["p50_ms"]
        figures["growth"] = round(now / before, 2)
