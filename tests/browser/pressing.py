"""Controls that lead to another page, pressed so that this page is there afterwards."""

from playwright.sync_api import Locator, Page


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
