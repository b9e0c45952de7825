"""Each main page of the demo town: accessible in light and dark, no foreign host, light to load."""

from pathlib import Path

import pytest
from django.utils import timezone

from zentrum.accounts.roles import Role
from zentrum.local.demo.building import build_demo
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.local.pages import PAGES

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
EMAILS = {role: email for email, _name, role in PEOPLE}
HTML_LIMIT = 60_000  # bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_town():
    build_demo(timezone.localdate())


def violations(page, **only):
    result = page.evaluate("only => axe.run(document, {runOnly: only})", only)
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def icons_without_a_picture(page):
    """They would show as a filled square."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".kern-icon")]
            .filter(icon => getComputedStyle(icon).maskImage === "none")
            .map(icon => icon.className)"""
    )


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.CITY, Role.TECHNICAL])
def test_pages_are_accessible_keep_to_themselves_and_fit_a_phone(
    demo_town, open_browser, as_person, role
):
    """Loaded once: light, then dark, where nothing but the colours differs, then on a phone."""
    look = {"color_scheme": "light", "viewport": DESK}
    page = as_person(EMAILS[role], PASSWORD, **look) if role else open_browser(**look)
    page.context.add_init_script(path=AXE)
    found = {}

    for shown in [shown for shown in PAGES if shown.role == role]:
        answer = page.goto(shown.address())
        assert (shown.name, answer.status) == (shown.name, 200)
        assert len(answer.body()) < HTML_LIMIT, shown.name
        found[shown.name, "light"] = violations(page, type="tag", values=RULES)
        found[shown.name, "icons"] = icons_without_a_picture(page)
        page.emulate_media(color_scheme="dark")
        found[shown.name, "dark"] = violations(page, type="rule", values=COLOURS)
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        found[shown.name, "phone"] = [width] if width > PHONE["width"] else []
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)

    assert {where: troubles for where, troubles in found.items() if troubles} == {}
