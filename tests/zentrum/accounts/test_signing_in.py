"""Signing in, as a browser does it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail as django_mail
from django.urls import reverse

from tests.factories.office import MandateFactory, UserFactory
from zentrum.accounts.inviting import invite, password_link
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")
PASSWORD = "ein-langes-Kennwort-7"


@pytest.fixture
def person():
    user = UserFactory(email="anna@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in_with(client, password=PASSWORD, email="anna@example.org"):
    return client.post(LOGIN, {"login": email, "password": password})


def test_a_person_signs_in_with_a_password(client, person):
    response = sign_in_with(client, email="Anna@Example.org")

    assert response.url == reverse("portal:door")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_keeps_the_address(client, person):
    response = sign_in_with(client, "falsch")

    assert response.status_code == 200
    assert 'value="anna@example.org"' in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("login", ["\x00", "a" * 10_000, "🙂@example.org", "<script>", ""])
def test_odd_addresses_are_refused_politely(client, login):
    response = client.post(LOGIN, {"login": login, "password": "x"})

    assert response.status_code == 200
    assert response.context["form"].errors


def test_who_is_not_active_cannot_sign_in(client, person):
    person.is_active = False
    person.save()

    sign_in_with(client)

    assert "_auth_user_id" not in client.session


def test_ten_failures_lock_the_address_for_this_visitor_only(client, person, settings):
    for _ in range(10):
        response = sign_in_with(client, "falsch")

    assert response.status_code == 429
    assert sign_in_with(client).status_code == 429
    assert "_auth_user_id" not in client.session
    elsewhere = client.post(
        LOGIN, {"login": "anna@example.org", "password": PASSWORD}, REMOTE_ADDR="10.0.0.7"
    )
    assert elsewhere.url == reverse("portal:door")


def test_a_person_signs_in_with_a_code_by_mail(client, person):
    client.post(reverse("account_request_login_code"), {"email": "anna@example.org"})

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.is_confidential, mail.carrier) == ("anna@example.org", True, None)
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.text, re.MULTILINE).group(1)
    response = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert response.url == reverse("portal:door")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert django_mail.outbox == []  # nothing goes past the outbox


def test_an_unknown_address_learns_nothing_and_gets_no_mail(client):
    known = client.post(reverse("account_request_login_code"), {"email": "nie@example.org"})

    assert known.url == reverse("account_confirm_login_code")
    assert not OutgoingMail.objects.exists()


def test_a_forgotten_password_is_set_anew_by_mail(client, person, settings):
    settings.BASE_URL = "https://zentrum.example"
    client.post(reverse("account_reset_password"), {"email": "anna@example.org"})

    mail = OutgoingMail.objects.get()
    link = re.search(r"https://zentrum\.example(/\S+)", mail.text).group(1)
    form_url = client.get(link).url
    response = client.post(form_url, {"password1": "ganz-Anders-99", "password2": "ganz-Anders-99"})
    assert response.status_code == 302
    assert sign_in_with(client, "ganz-Anders-99").url == reverse("portal:door")
    assert client.get(link, follow=True).context.get("token_fail") is not False


def test_nobody_signs_up(client):
    page = client.get(reverse("account_signup"))
    client.post(
        reverse("account_signup"),
        {"email": "neu@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "kein Konto" in page.content.decode() or "no account" in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_an_invited_person_sets_the_first_password(client):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    invite(user)

    assert OutgoingMail.objects.get().to == user.email
    path = password_link(user).removeprefix("http://localhost:8000")
    form_url = client.get(path).url
    client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    assert sign_in_with(client, email=user.email).url == reverse("portal:door")


# --- second factor ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DESK, Role.CITY, Role.TECHNICAL])
def test_staff_without_a_second_factor_reach_only_their_account(client, person, role):
    MandateFactory(user=person, role=role)
    sign_in_with(client)

    for name in ("portal:door", "contacts:today", "portal:dashboard", "mail:outgoing_list"):
        assert client.get(reverse(name)).url == reverse("mfa_index")
    assert client.get(reverse("accounts:user_list")).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index"), follow=True).status_code == 200


def test_staff_with_a_second_factor_must_give_it(client, person):
    MandateFactory(user=person, role=Role.MANAGER)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    codes = RecoveryCodes.activate(person)

    response = sign_in_with(client)

    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("contacts:today")).url.startswith(LOGIN)
    response = client.post(response.url, {"code": codes.get_unused_codes()[0]})
    assert response.url == reverse("portal:door")
    assert client.get(reverse("mail:outgoing_list")).status_code == 200


def test_the_demo_needs_no_second_factor(client, person, settings):
    settings.DEMO = True
    MandateFactory(user=person, role=Role.MANAGER)

    sign_in_with(client)

    assert client.get(reverse("mail:outgoing_list")).status_code == 200


def test_body_members_need_no_second_factor(client, person):
    MandateFactory(user=person, role=Role.BODY_MEMBER)

    sign_in_with(client)

    assert client.get(reverse("portal:door"), follow=True).status_code == 200


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
        "account_signup",
    ],
)
def test_pages_of_the_entrance_are_open_and_free_of_inline_code(client, name):
    page = client.get(reverse(name)).content.decode()

    assert_clean(page)
    assert "kern-" in page


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_email",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
    ],
)
def test_pages_of_the_account_are_in_our_look_and_free_of_inline_code(client, person, name):
    sign_in_with(client)

    page = client.get(reverse(name), follow=True).content.decode()

    assert_clean(page)
    assert "staff__bar" in page or "site-header" in page


def assert_clean(page):
    assert not re.search(r"\sstyle=|\son[a-z]+=", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in attributes or "json" in attributes for attributes in scripts)
    assert "<style" not in page
