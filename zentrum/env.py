"""Typed readers over the environment: a missing or malformed value stops the start with its name.

Each value may also stand in a file whose path is in `NAME_FILE` (container secrets). No message
ever repeats a value, because it may hold a password.
"""

import os
import re
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

REQUIRED: Any = object()
YES = {"true", "yes", "on", "1"}
NO = {"false", "no", "off", "0"}
HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]")
DATABASE = "postgres://user:password@host:5432/name"
REDIS = "redis://host:6379/0, rediss://… or unix:///path"
MAIL = "smtp+tls://user:password@host:587, smtp+ssl://…, smtp://…, file:///folder or console://"
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def text(name: str, default: str = REQUIRED, *, expected: str = "a text") -> str:
    value = _raw(name)
    return _or_default(name, default, expected) if value is None else value


def flag(name: str, default: bool = REQUIRED) -> bool:
    value = _raw(name)
    if value is None:
        return _or_default(name, default, "true or false")
    if value.lower() not in YES | NO:
        _refuse(name, "true or false")
    return value.lower() in YES


def integer(
    name: str, default: int = REQUIRED, *, minimum: int = 0, maximum: int = 2**31 - 1
) -> int:
    expected = f"a whole number from {minimum} to {maximum}"
    value = _raw(name)
    if value is None:
        return _or_default(name, default, expected)
    if not re.fullmatch(r"-?[0-9]{1,18}", value) or not minimum <= int(value) <= maximum:
        _refuse(name, expected)
    return int(value)


def choice(name: str, options: list[str], default: str = REQUIRED) -> str:
    expected = "one of " + ", ".join(options)
    value = _raw(name)
    if value is None:
        return _or_default(name, default, expected)
    if value not in options:
        _refuse(name, expected)
    return value


def words(name: str, default: list[str] = REQUIRED) -> list[str]:
    value = _raw(name)
    if value is None:
        return _or_default(name, default, "words separated by commas")
    return [word.strip() for word in value.split(",") if word.strip()]


def hosts(name: str, default: list[str] = REQUIRED) -> list[str]:
    """Host names without scheme, port and path, as Django's ALLOWED_HOSTS wants them."""
    names = words(name, default)
    if not names or not all(HOST.fullmatch(host) for host in names):
        _refuse(name, "host names separated by commas, such as portal.example.org")
    return names


def address(name: str, default: str = REQUIRED) -> str:
    """A web address without a trailing slash."""
    expected = "a web address such as https://portal.example.org"
    value = text(name, default, expected=expected)
    url = _split(name, value, expected)
    if url.scheme not in ("http", "https") or not url.hostname:
        _refuse(name, expected)
    return value.rstrip("/")


def database(name: str) -> dict[str, Any]:
    """An entry of Django's DATABASES; PostgreSQL only."""
    value = text(name, expected=DATABASE)
    url = _split(name, value, DATABASE)
    if url.scheme not in ("postgres", "postgresql") or len(url.path) < 2:
        _refuse(name, DATABASE)
    return Env.db_url_config(value, engine="django.db.backends.postgresql")


def redis(name: str) -> str:
    value = text(name, expected=REDIS)
    url = _split(name, value, REDIS)
    if url.scheme == "unix" and len(url.path) > 1:
        return value
    if url.scheme not in ("redis", "rediss") or not url.hostname:
        _refuse(name, REDIS)
    if not re.fullmatch(r"(/[0-9]*)?", url.path):
        _refuse(name, REDIS)
    return value


def mail(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings."""
    value = text(name, expected=MAIL)
    url = _split(name, value, MAIL)
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme == "file" and not url.netloc and len(url.path) > 1:
        return {
            "EMAIL_BACKEND": "zentrum.local.mailbox.EmailBackend",
            "EMAIL_FILE_PATH": unquote(url.path),
        }
    if url.scheme not in MAIL_PORTS or not url.hostname or url.path.strip("/"):
        _refuse(name, MAIL)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or MAIL_PORTS[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
    }


def _raw(name: str) -> str | None:
    """The value of NAME, or the content of the file in NAME_FILE; an empty one is not given."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    if not path:
        return value or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError):
        raise ImproperlyConfigured(
            f"{name}_FILE must name a readable text file, but {path} is none."
        ) from None


def _or_default(name: str, default: Any, expected: str) -> Any:
    if default is not REQUIRED:
        return default
    raise ImproperlyConfigured(
        f"{name} is not set. Expected: {expected}. {name}_FILE may name a file with it instead."
    )


def _refuse(name: str, expected: str) -> NoReturn:
    raise ImproperlyConfigured(f"{name} is malformed. Expected: {expected}.")


def _split(name: str, value: str, expected: str) -> SplitResult:
    try:
        url = urlsplit(value)
        _ = url.port, url.hostname  # both are only read, and refused, on access
    except ValueError:
        raise ImproperlyConfigured(f"{name} is malformed. Expected: {expected}.") from None
    return url
