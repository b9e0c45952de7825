"""The key in each public form: says which submission it is, and when the form was shown.

Signed, so nobody can reach another person's draft. It never ends: who comes back after a week
hands in what they wrote.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "contacts.intake.key"
DONE_SALT = "contacts.intake.done"
COOKIE = "entwurf"
COOKIE_AGE = 30 * 24 * 3600


@dataclass(frozen=True)
class Key:
    token: UUID
    seconds: float  # since the form was shown


def sign(token: UUID) -> str:
    return signing.dumps([token.hex, int(time.time() * 1000)], salt=SALT)


def read(text: str) -> Key | None:
    """The key of a form, None when it was not made here."""
    try:
        token, shown = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Key(UUID(token), time.time() - shown / 1000)


def sign_done(token: UUID) -> str:
    return signing.dumps(token.hex, salt=DONE_SALT)


def read_done(text: str) -> UUID | None:
    try:
        return UUID(signing.loads(text, salt=DONE_SALT))
    except signing.BadSignature:
        return None


def draft_of(request: HttpRequest) -> UUID | None:
    """The draft that this browser has begun."""
    text = request.get_signed_cookie(COOKIE, None, salt=SALT)
    return UUID(text) if text else None


def remember(response: HttpResponse, token: UUID) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        token.hex,
        salt=SALT,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
