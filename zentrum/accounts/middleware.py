from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

ALWAYS_OPEN = ("/konto/", "/sprache/", "/static/", "/healthz", "/readyz")


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]):
    """Staff without a second factor reach nothing but their account page (not in the demo)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO and _lacks_second_factor(request):
            messages.warning(request, _("Please set up a second factor for your sign-in first."))
            return redirect(reverse("mfa_index"))
        return get_response(request)

    return middleware


def _lacks_second_factor(request: HttpRequest) -> bool:
    if request.path.startswith(ALWAYS_OPEN) or not request.user.is_authenticated:
        return False
    return request.user.is_staff and not is_mfa_enabled(request.user)
