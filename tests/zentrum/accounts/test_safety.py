"""Cookies and redirects as they are behind a TLS-terminating proxy (HTTPS=true)."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from zentrum.common.addresses import client_address

SHOWN = (
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "LANGUAGE_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
)
CODE = """
import json, os
from django.conf import settings
print(json.dumps([getattr(settings, name) for name in os.environ["SHOWN"].split()]))
"""


def values(https):
    environment = os.environ | {"HTTPS": https, "SHOWN": " ".join(SHOWN), "DEBUG": "false"}
    environment["DJANGO_SETTINGS_MODULE"] = "zentrum.settings"
    run = subprocess.run(
        [sys.executable, "-c", CODE],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
    )
    return dict(zip(SHOWN, json.loads(run.stdout), strict=True))


def test_behind_a_proxy_everything_is_encrypted():
    header = ["HTTP_X_FORWARDED_PROTO", "https"]

    assert list(values("true").values()) == [
        *(True, True, "Lax", True, True, True, True, 31536000, header, 1)
    ]


def test_a_local_run_works_without_encryption():
    assert list(values("false").values()) == [
        *(False, True, "Lax", False, True, False, False, 0, None, 0)
    ]


@pytest.mark.django_db
def test_https_is_asked_for_and_remembered(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000

    assert client.get("/konto/login/").url == "https://testserver/konto/login/"
    secure = client.get("/konto/login/", secure=True)
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "script-src 'self'" in secure.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in secure.headers["Content-Security-Policy"]


def test_the_visitors_address_is_what_our_proxy_saw(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    settings.HTTPS = True
    assert client_address(request) == "2.2.2.2"
    settings.HTTPS = False
    assert client_address(request) == "10.0.0.1"
