"""Shared fixtures. The servers start in `tests/servers.py`, before Django reads its settings."""

import shutil

import pytest
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees what another one left in Redis (sessions, rate limits)."""
    cache.clear()


def pytest_unconfigure():
    shutil.rmtree(settings.FOLDER, ignore_errors=True)
