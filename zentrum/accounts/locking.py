"""What django-axes counts failed sign-ins by."""

from typing import Any

from django.http import HttpRequest

from zentrum.common.addresses import client_address as address_of


def username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The mail address that was tried, in the one spelling that accounts have."""
    values = credentials or {}
    tried = values.get("email") or values.get("username") or request.POST.get("login", "")
    return str(tried).replace("\0", "").strip().lower()[:254]


def client_address(request: HttpRequest) -> str | None:
    return address_of(request) or None
