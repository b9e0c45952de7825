import re

import pytest
from django.shortcuts import render
from django.urls import reverse

from tests.factories.office import TownFactory
from zentrum.accounts.roles import Role
from zentrum.portal.accent import _contrast

STYLE = reverse("portal:style")
POINTS = reverse("portal:style_points")
CSS = reverse("portal:town_css")
COLOUR = re.compile(r"--accent: (#[0-9a-f]{6});")


@pytest.mark.parametrize("language", ["de", "en"])
def test_style_page_shows_every_component_once(client, sign_in, language):
    sign_in(Role.DESK)
    client.cookies["django_language"] = language

    response = client.get(STYLE)

    assert response.status_code == 200
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    for part in ("hero", "facts", "tabs", "kern-alert", "kern-badge", "light", "stats", "filter",
                 "kern-table", "pagination", "empty", "worklist", "grid", "timeline", "map",
                 "kern-accordion", "form", "error-summary", "breadcrumb", "box"):  # fmt: skip
        assert re.search(rf'class="(?:[^"]* )?{part}[ "_-]', html), part


def test_style_page_is_no_heavier_than_a_page_may_be(client, sign_in):
    sign_in(Role.MANAGER)

    assert len(client.get(STYLE).content) < 60_000


def test_each_id_of_the_style_page_is_unique_and_each_reference_leads_somewhere(client, sign_in):
    sign_in(Role.DESK)

    html = client.get(STYLE).content.decode()

    ids = re.findall(r'\bid="([^"]+)"', html)
    named = " ".join(re.findall(r'aria-(?:describedby|controls|labelledby)="([^"]+)"', html))
    targets = re.findall(r'href="#([^"]+)"', html) + re.findall(r'<label[^>]* for="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {*named.split(), *targets} <= set(ids)


def test_script_in_the_page_carries_the_nonce_of_the_policy(client, sign_in):
    sign_in(Role.DESK)

    response = client.get(STYLE)

    nonces = set(re.findall(r'<script nonce="([^"]+)"', response.content.decode()))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", [STYLE, POINTS])
def test_style_page_is_for_people_who_work_here(client, sign_in, address):
    assert client.get(address).url.startswith(reverse("account_login"))
    sign_in()
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [STYLE, POINTS])
def test_style_page_is_open_while_developing(client, db, settings, address):
    settings.DEBUG = True

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#ffffff", "#2044aa", "#00A19A"])
def test_accent_colour_stands_out_from_the_page_in_both_views(client, db, colour):
    TownFactory(accent_colour=colour)

    response = client.get(CSS)

    assert response["Content-Type"] == "text/css; charset=utf-8"
    light, dark, light_chosen, dark_chosen = COLOUR.findall(response.content.decode())
    assert (light, dark) == (light_chosen, dark_chosen)
    assert _contrast(light, "#ffffff") >= 3
    assert _contrast(dark, "#000000") >= 3


def test_accent_colour_that_is_seen_stays_as_the_town_chose_it(client, db):
    TownFactory(accent_colour="#00817B")

    assert COLOUR.findall(client.get(CSS).content.decode())[0] == "#00817b"


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "}*{a"])
def test_town_without_a_proper_colour_has_an_empty_stylesheet(client, db, colour):
    TownFactory(accent_colour=colour)

    assert client.get(CSS).content == b""


def test_page_links_the_accent_colour_only_when_the_town_has_one(client, sign_in):
    town = TownFactory()
    sign_in(Role.DESK)
    assert CSS not in client.get(STYLE).content.decode()

    town.accent_colour = "#00817B"
    town.save()

    assert f'href="{CSS}?00817B"' in client.get(STYLE).content.decode()


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_page_can_be_drawn_before_anybody_is_known(rf, db, page):
    html = render(rf.get("/weg/"), page).content.decode()

    assert html.count("<h1") == 1
    assert '<html lang="' in html
