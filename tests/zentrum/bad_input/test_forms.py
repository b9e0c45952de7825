"""Whatever is typed into a form: refused with the text kept, or taken and shown escaped."""

import re

import pytest
from django.utils.html import escape

from tests.zentrum.bad_input import attacks
from tests.zentrum.bad_input.addresses import NAMES, SAMPLES, existing
from tests.zentrum.bad_input.pages import forms_of
from tests.zentrum.test_access import PUBLIC
from zentrum.accounts.roles import Role

ELSEWHERE = ("/konto/logout/", "/sprache/")
RAW = ("<script>alert(1)", "<img src=x")
STAFF = [name for name in NAMES if name not in PUBLIC]


def forms(client, ask, names):
    """Every form that the pages of these names show, once, also those that open on request."""
    found = {}
    addresses = [existing(name, SAMPLES[name]) for name in names]
    for address in addresses:
        page = ask(client.get, address)
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            for form in forms_of(page.text, page.request["PATH_INFO"]):
                if not form.action.startswith(ELSEWHERE):
                    found[form.action, tuple(form.fields)] = form
            if "?" not in address:
                addresses += [address + step for step in re.findall(r"\?step=\w+", page.text)]
    return list(found.values())


def is_raw(response) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and any(part in response.text for part in RAW)


@pytest.mark.parametrize(
    ("role", "names"), [(None, sorted(PUBLIC)), (Role.MANAGER, STAFF), (Role.TECHNICAL, STAFF)]
)
def test_no_form_breaks_or_shows_a_script(visitor, ask, role, names):
    client = visitor(role)
    found = forms(client, ask, names)
    broken = {}

    for form in found:
        for label, data in attacks.of_form(form):
            response = ask(client.post, form.action, data, follow=True)
            if is_raw(response) or response.status_code not in (200, 400, 403, 404, 405, 409, 429):
                broken[form.action, label] = response.status_code

    assert len(found) > 4
    assert broken == {}


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (None, "contacts:idea_submit"),
        (None, "contacts:barrier_report"),
        (None, "contacts:case_status"),
        (None, "contacts:consultation_answer"),
        (Role.MANAGER, "contacts:consultation_create"),
        (Role.MANAGER, "contacts:case_create"),
        (Role.MANAGER, "contacts:case_reply"),
        (Role.MANAGER, "contacts:case_note"),
        (Role.MANAGER, "actors:actor_create"),
        (Role.MANAGER, "projects:idea_create"),
        (Role.MANAGER, "projects:project_create"),
        (Role.MANAGER, "projects:note_create"),
    ],
)
@pytest.mark.parametrize(
    "text", ["Kastanie \0 Ahorn", "Kastanie " * 1_150_000], ids=["NULL", "10 MB"]
)
def test_refused_text_stands_in_the_answer_again(visitor, ask, role, name, text):
    client = visitor(role)
    address = existing(name, SAMPLES[name])
    shown = existing("contacts:case_detail", SAMPLES["contacts:case_detail"])
    on_case = name in ("contacts:case_reply", "contacts:case_note")
    page = ask(client.get, shown if on_case else address)
    form = next(
        f for f in forms_of(page.text, address) if f.action == address and len(f.fields) > 1
    )
    long = form.of_kind("textarea")[0].name

    response = ask(client.post, address, attacks.filled(form) | {long: text})

    assert response.status_code in (200, 400)
    assert escape(text) in response.text
    assert "kern-error" in response.text or 'role="alert"' in response.text
