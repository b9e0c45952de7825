"""Requests that no browser of ours would send: forged links, broken bodies, garbage headers."""

from collections.abc import Iterator

import pytest
from django.core import signing
from django.urls import reverse

from contacts.cases.links import confirm_token, status_token
from contacts.models import Case
from tests.zentrum.bad_input.addresses import case
from zentrum.accounts.roles import Role

IDEA = reverse("contacts:idea_submit")
GARBAGE = ["", "x", "\u00e9", "'; DROP TABLE--", "a" * 4000, '{"a": 1}', "..:..:.."]


def forged(right: str, other: str) -> Iterator[str]:
    identity, _, signature = right.partition(".")
    yield right[:-1]
    yield right[: len(right) // 2]
    yield f"{other.partition('.')[0]}.{signature}"
    yield f"{identity}.{other.partition('.')[2]}"
    yield signing.Signer(salt="other", sep=".").sign(identity)
    yield f"{identity}."
    yield f".{signature}"
    yield "0" * 3000
    yield "ß.🌳"


@pytest.mark.parametrize("name", ["case_status", "slip", "slip_qr", "email_confirm"])
def test_forged_links_open_nothing(visitor, ask, name):
    mine, other = case(), Case.objects.exclude(pk=case().pk).exclude(sender_email="").first()
    token = confirm_token if name == "email_confirm" else status_token
    client = visitor()

    answers = [
        ask(client.get, reverse(f"contacts:{name}", args=[signed]))
        for signed in forged(token(mine), token(other))
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert not any(
        mine.subject in answer.text or other.subject in answer.text for answer in answers
    )


def test_link_of_the_receipt_does_not_confirm_the_address(visitor, ask):
    signed = reverse("contacts:email_confirm", args=[status_token(case())])

    assert ask(visitor().post, signed).status_code == 404


def test_form_without_the_browsers_token_is_refused_in_words(visitor, ask):
    response = ask(visitor(enforce_csrf_checks=True).post, IDEA, {"title": "Bank"})

    assert response.status_code == 403
    assert "<h1" in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("role", [None, Role.MANAGER])
def test_other_methods_change_nothing(visitor, ask, method, role):
    for address in (IDEA, reverse("contacts:case_note", args=[case().pk]), reverse("portal:start")):
        assert ask(getattr(visitor(role), method), address).status_code in (200, 302, 405)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"title": "Bank"}', "application/json"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"title=Bank&text=%ff%00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=\xc3\xa4"),
        (b"x", ""),
    ],
)
@pytest.mark.parametrize("name", ["contacts:idea_submit", "contacts:status_lookup"])
def test_bodies_that_are_no_form_are_refused(visitor, ask, name, body, content_type):
    response = ask(visitor().post, reverse(name), body, content_type=content_type)

    assert response.status_code in (200, 400)
    assert "<h1" in response.text


@pytest.mark.parametrize(
    "body", [b"title=" + b"x" * 13 * 1024 * 1024, b"&".join(b"a=1" for _ in range(1100))]
)
@pytest.mark.parametrize("role", [None, Role.MANAGER])
def test_body_beyond_the_limits_gets_a_page_in_words(visitor, ask, body, role):
    kind = "application/x-www-form-urlencoded"

    response = ask(visitor(role).post, IDEA, body, content_type=kind)

    assert response.status_code in (400, 413)
    assert "<h1" in response.text


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize(
    "cookie", ["sessionid", "csrftoken", "entwurf", "django_language", "messages"]
)
def test_garbage_in_a_cookie_does_no_harm(visitor, ask, cookie, garbage):
    client = visitor()
    client.cookies[cookie] = garbage

    assert ask(client.get, IDEA).status_code == 200


@pytest.mark.parametrize("garbage", [*GARBAGE, "de;q=x", "*", "en-" * 200, "http://[::1"])
@pytest.mark.parametrize(
    "header", ["ACCEPT_LANGUAGE", "X_FORWARDED_FOR", "REFERER", "USER_AGENT", "HX_CURRENT_URL"]
)
def test_garbage_in_a_header_does_no_harm(visitor, ask, settings, header, garbage):
    settings.HTTPS = True  # the address of a visitor comes from X-Forwarded-For
    headers = {f"HTTP_{header}": garbage, "HTTP_HX_REQUEST": "true"}

    assert ask(visitor().get, reverse("contacts:barrier_report"), **headers).status_code == 200
    assert ask(visitor().post, reverse("contacts:status_lookup"), {}, **headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "a b", "localhost:x", "[::1", "", "@"])
def test_foreign_host_is_refused(visitor, ask, host):
    assert ask(visitor().get, reverse("portal:start"), HTTP_HOST=host).status_code == 400
