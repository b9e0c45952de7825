"""Controls that lead to another page, pressed so that this page is there afterwards."""

import re

from playwright.sync_api import Locator, Page

from projects.models import Idea


def press(page: Page, control: Locator) -> None:
    """Click and wait for the answer's page: a click alone returns while the server still works,
    and whoever looks at the database or opens another page then overtakes the request."""
    with page.expect_navigation() as navigation:
        control.click()
    assert navigation.value.ok, f"{navigation.value.status} {page.url}"


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(password)
    press(page, page.get_by_role("button", name="Anmelden", exact=True))
    assert "/login" not in page.url


def link(text: str, part: str) -> str:
    """The address in a mail that has this part."""
    return next(url for url in re.findall(r"https?://\S+", text) if part in url)


def step(desk: Page, idea: Idea, state: str) -> None:
    """Take a step of the idea, by button or by its own page with a sentence for everybody."""
    desk.goto(idea.get_absolute_url())
    control = f"form:has([name=to][value={state}]) button, a[href$='?to={state}']"
    press(desk, desk.locator(control).first)
    if "?to=" in desk.url:
        desk.locator("[name=reason]").fill(f"{idea.title}: Das sehen wir uns an.")
        press(desk, desk.locator("main form:has(textarea) .kern-btn--primary").first)
    assert desk.url.endswith(idea.get_absolute_url())
    idea.refresh_from_db()
    assert idea.state == state
