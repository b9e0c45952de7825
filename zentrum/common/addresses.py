"""Where a request comes from, as far as our own proxy can tell."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address, for rate limits only; empty when it is unknown.

    Behind the proxy (HTTPS) it is the last entry of X-Forwarded-For, the only one that the
    visitor cannot write.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS and (forwarded := request.headers.get("X-Forwarded-For")):
        address = forwarded.rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
