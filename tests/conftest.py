"""Shared fixtures. The servers start in `tests/servers.py`, before Django reads its settings."""

import shutil
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache

from tests.factories.office import MandateFactory, UserFactory
from zentrum.local import catalogues


def pytest_configure():
    catalogues.compile_all([Path(path) for path in settings.LOCALE_PATHS])


@pytest.fixture(autouse=True)
def _empty_cache():
    """No test sees what another one left in Redis (sessions, rate limits)."""
    cache.clear()


@pytest.fixture
def sign_in(client, db):
    """Sign somebody in: `sign_in()` has no mandate, `sign_in(Role.CITY, centre=centre)` has one.

    They have a second factor, as staff must. Returns the user.
    """

    def sign_in(role=None, *, user=None, **mandate):
        user = user or UserFactory()
        if role:
            MandateFactory(user=user, role=role, **mandate)
            Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return user

    return sign_in


def pytest_unconfigure():
    shutil.rmtree(settings.FOLDER, ignore_errors=True)
