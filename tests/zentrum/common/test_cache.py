"""A Redis that is down costs nobody a page."""

import socket

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from tests.factories.office import UserFactory
from zentrum.common.cache import ForgivingRedisCache

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def nowhere():
    """The address of a Redis that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize(
    ("method", "arguments", "answer"),
    [
        ("get", ("a",), None),
        ("get", ("a", "default"), "default"),
        ("get_many", (["a"],), {}),
        ("get_or_set", ("a", 1), 1),
        ("has_key", ("a",), False),
        ("set", ("a", 1), None),
        ("set_many", ({"a": 1},), ["a"]),
        ("add", ("a", 1), True),
        ("incr", ("a",), 1),
        ("touch", ("a",), False),
        ("delete", ("a",), False),
        ("delete_many", (["a"],), None),
    ],
)
def test_a_redis_that_is_down_is_an_empty_cache(nowhere, method, arguments, answer):
    assert getattr(ForgivingRedisCache(nowhere, {}), method)(*arguments) == answer


@pytest.mark.django_db
def test_a_session_survives_a_redis_that_is_down(client, settings, nowhere):
    user = UserFactory()
    client.force_login(user, SIGN_IN_BACKEND)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}

    response = client.get(reverse("account_change_password"), follow=True)

    assert response.status_code == 200
    assert response.context["user"] == user
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_signing_in_works_while_redis_is_down(client, settings, nowhere):
    user = UserFactory()
    user.set_password("ein-langes-Kennwort-7")
    user.save()
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}

    response = client.post(
        reverse("account_login"), {"login": user.email, "password": "ein-langes-Kennwort-7"}
    )

    assert response.url == reverse("portal:door")
