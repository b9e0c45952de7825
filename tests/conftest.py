"""Shared fixtures. The servers start in `tests/servers.py`, before Django reads its settings."""

import os
import shutil

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate

from actors.models import RetentionRule
from projects.models import FieldOfAction
from tests import migrated as migrated_database
from tests.factories.office import MandateFactory, UserFactory

# Folders and files that take longest come first, so that no process is left with one at the end.
SLOW = ["tests/zentrum/bad_input/test_forms", "tests/browser", "tests/local", "tests/jobs"]
FILLED_BY_MIGRATIONS = (FieldOfAction, RetentionRule)
MOST_PROCESSES = 8  # each has its own databases and, with tests at once, up to 20 connections
FIRST_ID = 1_000_001
RAISE_IDS = """
    SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s, false)
    FROM pg_sequences WHERE schemaname = 'public'
"""
# A thread of the server that answered the browser may close its connection a moment too late.
END_OTHER_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pytest_xdist_auto_num_workers(config):
    """One process per processor for the whole suite; none beside pytest's own for a part of it."""
    is_whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    return min(os.cpu_count() or 1, MOST_PROCESSES) if is_whole else 0


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: [not item.nodeid.startswith(slow) for slow in SLOW])


@pytest.fixture(scope="session")
def migrated(django_db_modify_db_settings_parallel_suffix):
    """The template of the test database; it is used when an earlier process has made it."""
    template = migrated_database.template()
    if template and template.exists():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template.name
    return template


@pytest.fixture(scope="session")
def django_db_modify_db_settings(migrated):
    """Before the test database is made."""


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker):
    """The database as migrations leave it, for every test, whatever ran before it.

    Ids begin beyond a million, as in a town that is used for years: a number of this size that is
    printed the German way (1.000.001) where a machine reads it finds no row again.
    """
    if migrated:
        migrated.keep()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(RAISE_IDS, [FIRST_ID])
        migrated = {model: list(model.objects.all()) for model in FILLED_BY_MIGRATIONS}

    def restore(**_options):
        """A test with transactions ends with empty tables: what migrations wrote comes back."""
        for model, rows in migrated.items():
            model.objects.bulk_create(rows)

    projects = apps.get_app_config("projects")
    post_migrate.connect(restore, sender=projects, dispatch_uid="restore", weak=False)
    yield
    post_migrate.disconnect(sender=projects, dispatch_uid="restore")
    # While Playwright's event loop runs, tests have a connection of their own (asgiref keeps one
    # per kind of context); this one was idle meanwhile, and a test of faults may have ended it.
    connection.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(END_OTHER_SESSIONS)


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
