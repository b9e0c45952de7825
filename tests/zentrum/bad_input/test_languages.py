"""Who chooses English reads English, on pages, in refusals and in mails."""

import pytest
from django.urls import reverse

from contacts.models import Case
from tests.zentrum.bad_input import attacks
from tests.zentrum.bad_input.pages import forms_of
from zentrum.mail.models import OutgoingMail

PAGES = [
    "portal:start",
    "portal:accessibility",
    "contacts:idea_submit",
    "contacts:barrier_report",
    "contacts:status_lookup",
    "contacts:contact",
    "projects:idea_public_list",
    "projects:project_public_list",
    "account_login",
]
IDEA = reverse("contacts:idea_submit")


@pytest.fixture
def english(visitor):
    client = visitor()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    return client


@pytest.mark.parametrize("name", PAGES)
def test_page_is_english(english, ask, name):
    response = ask(english.get, reverse(name))

    assert '<html lang="en"' in response.text


@pytest.mark.parametrize("language", ["xx", "", "de\0", "<script>", "x" * 5000])
def test_unknown_language_changes_nothing(visitor, ask, language):
    response = ask(visitor().post, reverse("set_language"), {"language": language, "next": "/"})

    assert response.status_code in (204, 302)


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_language_switch_leads_to_no_other_site(visitor, ask, place):
    data = {"language": "en", "next": place}

    assert ask(visitor().post, reverse("set_language"), data).headers.get("Location") == "/"


def test_refusal_is_english(english, ask):
    response = ask(english.post, IDEA, {"title": "Bench"})

    assert "This field is required." in response.text


def test_english_sender_gets_an_english_receipt(english, monkeypatch):
    page = english.get(IDEA)
    form = next(f for f in forms_of(page.text, IDEA) if "title" in f.fields)
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", 0)

    english.post(IDEA, attacks.filled(form) | {"title": "A bench", "email": "jo@example.org"})

    case = Case.objects.get(sender_email="jo@example.org")
    mail = OutgoingMail.objects.get(to="jo@example.org")
    assert mail.text.startswith("Hello Eichhorn,\n\nwe have received your message")
    assert case.reference in mail.text
    assert "Guten Tag" not in mail.text + mail.html + mail.subject
