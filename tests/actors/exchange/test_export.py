import io
import json

import openpyxl
import pytest
import vobject
from django.urls import reverse

from actors.exchange import exporting
from actors.exchange.opening import open_file
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    SectorFactory,
)
from tests.factories.office import CentreFactory, TownFactory
from zentrum.accounts.roles import Role

ENDINGS = ["xlsx", "vcf", "geojson"]


def url(ending):
    return reverse(f"actors:actor_export_{ending}")


@pytest.fixture
def centre(sign_in):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


@pytest.fixture
def cafe(centre):
    cafe = ActorFactory(
        centre=centre,
        name="Café Möwe; Hafen, \\ Ufer",
        legal_form="GmbH",
        website="https://moewe.example",
        description="=1+1\nund " + "Straße 👩‍🍳 " * 20,
    )
    cafe.sectors.set([SectorFactory(name="Cafés"), SectorFactory(name="Bars, Clubs")])
    AddressFactory(actor=cafe, street="Ufer 1", latitude=52.5, longitude=13.25)
    EmailAddressFactory(actor=cafe, email="info@moewe.example", is_main=True)
    EmailAddressFactory(actor=cafe, email="zwei@moewe.example")
    PhoneNumberFactory(actor=cafe, number="+49 30 1")
    return cafe


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(response):
    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_workbook_holds_what_the_list_shows_and_no_formula(client, cafe):
    ActorFactory(centre=cafe.centre, name="Anderes")

    heading, row = rows_of(client.get(url("xlsx"), {"q": "möwe"}))

    assert row[:12] == [
        *("Organisation", "Café Möwe; Hafen, \\ Ufer", None, "GmbH", "Bars, Clubs; Cafés"),
        *("Ufer 1", "10551", "Berlin", 52.5, 13.25),
        *("info@moewe.example; zwei@moewe.example", "+49 30 1"),
    ]
    assert row[13].startswith("=1+1")
    assert len(heading) == len(row)


def test_card_is_read_back_by_another_program_and_by_our_own_import(client, cafe):
    person = ActorFactory(centre=cafe.centre, kind="person", name="Kühn", given_name="Eva")
    sent = content(client.get(url("vcf")))

    first, second = vobject.readComponents(sent.decode())
    lines = list(open_file(io.BytesIO(sent)).lines())

    assert first.validate()
    assert second.validate()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 75
    assert (first.version.value, first.fn.value) == ("3.0", "Café Möwe; Hafen, \\ Ufer GmbH")
    assert (first.adr.value.street, first.adr.value.code) == ("Ufer 1", "10551")
    assert [email.value for email in first.email_list] == [
        "info@moewe.example",
        "zwei@moewe.example",
    ]
    assert first.note.value == cafe.description
    assert (second.n.value.family, second.n.value.given) == ("Kühn", "Eva")
    assert [line.cells["Name"] for line in lines] == [f"{cafe}", person.name]
    assert lines[0].cells["Notiz"] == cafe.description.strip()
    assert (lines[0].cells["Breite"], lines[1].cells["Vorname"]) == ("52.500000", "Eva")


def test_geojson_has_a_feature_for_each_actor_also_without_a_position(client, cafe):
    ActorFactory(centre=cafe.centre, name="Ohne Ort")

    response = client.get(url("geojson"))
    features = json.loads(content(response))["features"]

    assert response["Content-Type"] == "application/geo+json"
    assert [feature["geometry"] for feature in features] == [
        {"type": "Point", "coordinates": [13.25, 52.5]},
        None,
    ]
    assert features[0]["properties"]["sectors"] == ["Bars, Clubs", "Cafés"]


@pytest.mark.parametrize("query", [{}, {"q": "Turm"}, {"kind": "person"}, {"state": "archived"}])
def test_export_holds_the_rows_of_the_list_in_its_order(client, centre, query):
    for number in range(60):
        kind = "person" if number % 3 == 0 else "organisation"
        AddressFactory(actor=ActorFactory(centre=centre, name=f"A{number}", kind=kind))
    ActorFactory(name="Fremd")

    shown = client.get(reverse("actors:actor_list"), query | {"sort": "-name"}).context
    features = json.loads(content(client.get(url("geojson"), query | {"sort": "-name"})))

    names = [feature["properties"]["name"] for feature in features["features"]]
    assert (len(names), names[:50]) == (
        shown["count"],
        [str(actor) for actor in shown["object_list"]],
    )


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("count", [1, 3])
def test_export_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, ending, count
):
    for _number in range(count):
        AddressFactory(actor=ActorFactory(centre=centre))

    with django_assert_num_queries(10):
        content(client.get(url(ending)))


@pytest.mark.parametrize("ending", ENDINGS)
def test_too_long_a_list_is_refused_with_the_filter_kept(client, centre, monkeypatch, ending):
    monkeypatch.setattr(exporting, "MOST_ACTORS", 1)
    ActorFactory.create_batch(2, centre=centre)

    response = client.get(url(ending), {"kind": "organisation"}, follow=True)

    assert response.redirect_chain[0][0] == reverse("actors:actor_list") + "?kind=organisation"
    assert len(list(response.context["messages"])) == 1


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize("ending", ENDINGS)
def test_only_manager_and_deputy_export(client, sign_in, role, ending):
    sign_in(role, centre=CentreFactory())

    assert client.get(url(ending)).status_code == 403


@pytest.mark.parametrize(("role", "is_shown"), [(Role.MANAGER, True), (Role.DESK, False)])
def test_list_offers_the_export_to_those_who_may(client, sign_in, role, is_shown):
    TownFactory()
    actor = ActorFactory()
    sign_in(role, centre=actor.centre)

    page = client.get(reverse("actors:actor_list"), {"kind": "organisation"}).content.decode()

    assert (f"{url('xlsx')}?kind=organisation" in page) is is_shown
