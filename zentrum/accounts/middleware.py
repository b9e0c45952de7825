from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

OWN_ACCOUNT = ("account_", "mfa_")
ALWAYS_OPEN = {"set_language", "portal:healthz", "portal:readyz", "portal:town_css"}


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]):
    """Staff without a second factor reach nothing but their own account (not in the demo)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO and _lacks_second_factor(request) and not _is_open(request):
            messages.warning(request, _("Please set up a second factor for your sign-in first."))
            return redirect(reverse("mfa_index"))
        return get_response(request)

    return middleware


def _lacks_second_factor(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and user.is_staff and not is_mfa_enabled(user)


def _is_open(request: HttpRequest) -> bool:
    """The page's name decides, not its path: a page of people stands below /konto/ too."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return True
    return name.startswith(OWN_ACCOUNT) or name in ALWAYS_OPEN
