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
EMAILS = {role: email for email, _name, role in PEOPLE}
HTML_LIMIT = 60_000  # bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_town():
    build_demo(timezone.localdate())


def violations(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.CITY, Role.TECHNICAL])
def test_pages_are_accessible_and_keep_to_themselves(
    demo_town, open_browser, as_person, role, scheme
):
    look = {"color_scheme": scheme, "viewport": {"width": 1280, "height": 900}}
    page = as_person(EMAILS[role], PASSWORD, **look) if role else open_browser(**look)
    found = {}

    for shown in [shown for shown in PAGES if shown.role == role]:
        answer = page.goto(shown.address())
        assert (shown.name, answer.status) == (shown.name, 200)
        assert len(answer.body()) < HTML_LIMIT, shown.name
        found[shown.name] = violations(page)

    assert {name: troubles for name, troubles in found.items() if troubles} == {}


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.CITY])
def test_pages_fit_a_phone(demo_town, open_browser, as_person, role):
    look = {"viewport": {"width": 390, "height": 844}}
    page = as_person(EMAILS[role], PASSWORD, **look) if role else open_browser(**look)
    wide = {}

    for shown in [shown for shown in PAGES if shown.role == role]:
        page.goto(shown.address())
        width = page.evaluate("document.documentElement.scrollWidth")
        wide |= {shown.name: width} if width > 390 else {}

    assert wide == {}
