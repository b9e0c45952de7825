"""The town's accent colour as a stylesheet, since the CSP allows no inline style."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from zentrum.office.models import Town

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
GRAPHIC_CONTRAST = 3.0  # WCAG 1.4.11, non-text contrast
STEP = 0.05


@login_not_required
@cache_control(max_age=86400, public=True)
def town_css(request: HttpRequest) -> HttpResponse:
    """The accent colour of the town; darkened or lightened until it stands out from the page."""
    colour = Town.objects.values_list("accent_colour", flat=True).order_by("pk").first() or ""
    return HttpResponse(_accent_css(colour), content_type="text/css; charset=utf-8")


def _accent_css(colour: str) -> str:
    if not HEX.match(colour):
        return ""
    light = f"--accent: {_until_seen(colour, background='#ffffff')};"
    dark = f"--accent: {_until_seen(colour, background='#000000')};"
    return (
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f'[data-kern-theme="light"] {{ {light} }}\n'
        f'[data-kern-theme="dark"] {{ {dark} }}\n'
    )


def _until_seen(colour: str, *, background: str) -> str:
    """The colour mixed with black (on white) or white (on black) until the contrast is enough."""
    pole = 0 if _luminance(background) > 0.5 else 255
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    share = 0.0
    while True:
        mixed = [round(channel + (pole - channel) * share) for channel in channels]
        candidate = "#" + "".join(f"{channel:02x}" for channel in mixed)
        if _contrast(candidate, background) >= GRAPHIC_CONTRAST or share >= 1:
            return candidate
        share += STEP


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2, relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
