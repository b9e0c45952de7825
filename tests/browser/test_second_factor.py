"""Staff sign in with a second factor, as a person with a phone and a browser does it."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from tests.browser.pressing import press, sign_in
from tests.factories.office import MandateFactory, UserFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "zwei@example.org", "ein-langes-Kennwort-7"
KEY_IN_THE_BROWSER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(open_browser, settings):
    """A manager of a town who has signed in with the password only."""
    user = UserFactory(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    MandateFactory(user=user, role=Role.MANAGER)
    page = open_browser()
    settings.DEMO = False
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the live server speaks no TLS
    sign_in(page, EMAIL, PASSWORD)
    return page


def code_of_the_app(secret):
    """What an authenticator app shows now (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def open_confirmed(page, path):
    """Open a page of the own account; it asks for the password once more."""
    page.goto(path)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    press(page, page.get_by_role("button", name="Bestätigen"))
    assert page.url.endswith(path)


def sign_out(page):
    page.locator(".user-menu summary").click()
    press(page, page.get_by_role("button", name="Abmelden"))


def test_desk_stays_closed_until_an_app_is_set_up_and_then_asks_for_its_code(page):
    page.goto("/heute/")
    assert page.url.endswith("/konto/2fa/")

    open_confirmed(page, "/konto/2fa/totp/activate/")
    secret = page.locator("[readonly]").input_value()
    page.get_by_label("Authentifizierungscode").fill(code_of_the_app(secret))
    press(page, page.get_by_role("button", name="Aktivieren"))
    page.goto("/heute/")
    assert page.url.endswith("/heute/")

    sign_out(page)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):  # a code counts only once
        sign_in(page, EMAIL, PASSWORD)
        assert page.url.endswith("/konto/2fa/authenticate/")
        page.get_by_role("textbox").fill(code_of_the_app(secret))
        press(page, page.get_by_role("button", name="Anmeldung"))
        page.goto("/heute/")
        assert page.url.endswith("/heute/")


def test_passkey_opens_the_desk_without_a_password(page):
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY_IN_THE_BROWSER})

    open_confirmed(page, "/konto/2fa/webauthn/add/")
    page.get_by_label("Passwortlos").check()
    press(page, page.get_by_role("button", name="Hinzufügen"))
    sign_out(page)
    page.goto("/konto/login/")
    press(page, page.get_by_role("button", name="Mit Passkey anmelden"))

    page.goto("/heute/")
    assert page.url.endswith("/heute/")
