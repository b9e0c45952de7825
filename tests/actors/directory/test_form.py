import uuid

import pytest
from django.urls import reverse

from actors.models import Actor
from tests.actors.directory.forms_data import form_data
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    SectorFactory,
)
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role

CREATE_URL = reverse("actors:actor_create")
SUBMISSION = "c0ffee00-0000-4000-8000-000000000001"


def update_url(actor):
    return reverse("actors:actor_update", args=[actor.pk])


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory(latitude=52.52, longitude=13.34)
    sign_in(Role.DESK, centre=centre)
    return centre


def test_new_actor_is_saved_with_everything(client, centre):
    sector = SectorFactory()
    data = form_data(
        centre,
        legal_form="GmbH",
        website="cafe-mueller.example",
        description="Ecke Turmstraße",
        sectors=[str(sector.pk)],
        is_listed="on",
        consent_source="Formular",
        emails=[{"email": "Info@Cafe.example", "label": "Büro"}, {"email": "chef@cafe.example"}],
        phones=[{"number": "030 123", "label": "Laden"}],
        address__street="Turmstraße 5",
        address__postcode="10551",
        address__town="Berlin",
        address__place_0="52.5",
        address__place_1="13.3",
    )

    response = client.post(CREATE_URL, data)

    actor = Actor.objects.get()
    assert response.url == f"/akteure/{actor.pk}/"
    assert (str(actor), actor.website) == ("Café Müller GmbH", "https://cafe-mueller.example")
    assert list(actor.emails.values_list("email", "label", "is_main")) == [
        ("info@cafe.example", "Büro", True),
        ("chef@cafe.example", "", False),
    ]
    assert list(actor.phones.values_list("number", "label")) == [("030 123", "Laden")]
    assert [str(address) for address in actor.addresses.all()] == ["Turmstraße 5, 10551 Berlin"]
    assert list(actor.addresses.values_list("latitude", "longitude")) == [(52.5, 13.3)]
    assert list(actor.sectors.all()) == [sector]


def test_button_pressed_twice_makes_one_actor(client, centre):
    data = form_data(centre, submission=SUBMISSION)

    first, second = client.post(CREATE_URL, data), client.post(CREATE_URL, data)

    assert Actor.objects.count() == 1
    assert first.url == second.url


def test_form_of_another_page_makes_another_actor(client, centre):
    for _ in range(2):
        client.post(CREATE_URL, form_data(centre, submission=str(uuid.uuid4())))

    assert Actor.objects.count() == 2


def test_changed_rows_replace_the_stored_ones_and_others_stay(client, centre):
    actor = ActorFactory(centre=centre)
    kept = EmailAddressFactory(actor=actor, email="bleibt@example.org", is_main=True)
    EmailAddressFactory(actor=actor, email="geht@example.org")
    PhoneNumberFactory(actor=actor)
    AddressFactory(actor=actor)
    data = form_data(
        centre,
        version="0",
        emails=[
            {"email": "bleibt@example.org"},
            {"email": ""},
            {"email": "neu@example.org", "is_main": "on"},
        ],
    )

    response = client.post(update_url(actor), data)

    actor.refresh_from_db()
    assert response.url == actor.get_absolute_url()
    assert list(actor.emails.values_list("email", "is_main")) == [
        ("neu@example.org", True),
        ("bleibt@example.org", False),
    ]
    assert actor.emails.get(email="bleibt@example.org").pk == kept.pk
    assert (actor.phones.count(), actor.addresses.count(), actor.version) == (0, 0, 1)


def test_page_of_an_actor_shows_what_is_stored(client, centre):
    actor = ActorFactory(centre=centre, name="Laden")
    EmailAddressFactory(actor=actor, email="laden@example.org")
    AddressFactory(actor=actor, street="Turmstraße 5", latitude=52.5, longitude=13.3)

    html = client.get(update_url(actor)).content.decode()

    for value in ("Laden", "laden@example.org", "Turmstraße 5", "52.5", "13.3"):
        assert f'value="{value}"' in html


def test_stale_form_shows_both_versions_and_loses_nothing(client, centre):
    actor = ActorFactory(centre=centre, name="Alt")
    client.post(update_url(actor), form_data(centre, name="Von Anna", version="0"))
    mine = form_data(centre, name="Von Ben", version="0", emails=[{"email": "ben@example.org"}])

    response = client.post(update_url(actor), mine)

    actor.refresh_from_db()
    html = response.content.decode()
    compared = [(row.mine, row.theirs) for row in response.context["differences"]]
    assert response.status_code == 409
    assert (actor.name, actor.version, actor.emails.count()) == ("Von Anna", 1, 0)
    assert compared == [("Von Ben", "Von Anna"), ("ben@example.org", "")]
    assert 'value="Von Ben"' in html
    assert 'value="ben@example.org"' in html
    assert 'name="version" value="1"' in html

    again = client.post(update_url(actor), mine | {"version": "1"})

    actor.refresh_from_db()
    assert (again.url, actor.name) == (actor.get_absolute_url(), "Von Ben")


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_forged_version_is_refused(client, centre, version):
    actor = ActorFactory(centre=centre, name="Alt")

    response = client.post(update_url(actor), form_data(centre, version=version))

    actor.refresh_from_db()
    assert (response.status_code in (200, 409), actor.name) == (True, "Alt")


LONG = "ä" * 200
GOOD_NAMES = [
    LONG,
    "👩🏽‍🍳 Küche 🏳️‍🌈",
    "مخبز الحي",
    "<script>alert(1)</script>",
    "'; DROP TABLE actors_actor; --",
    "{{ 7|add:7 }}{% now %}",
    "مرحبا \u202e abc",
]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_unusual_text_is_kept_as_it_is_and_shown_as_text(client, centre, name):
    data = form_data(
        centre,
        name=name,
        legal_form=name[:50],
        description=name,
        address__street=name,
        phones=[{"number": name[:40], "label": name[:50]}],
    )

    response = client.post(CREATE_URL, data, follow=True)

    actor = Actor.objects.get()
    street, phone = actor.addresses.get().street, actor.phones.get()
    assert [actor.name, actor.description, street] == [name.strip()] * 3
    assert (phone.number, phone.label) == (name[:40].strip(), name[:50].strip())
    assert "<script>alert" not in response.content.decode()
    assert client.get(update_url(actor)).status_code == 200


BAD = [
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": "x" * 201}, "name"),
    ({"name": "a\0b"}, "name"),
    ({"kind": "shop"}, "kind"),
    ({"kind": ""}, "kind"),
    ({"kind": "person", "legal_form": "GmbH"}, "__all__"),
    ({"kind": "person", "is_listed": "on", "consent_source": "Formular"}, "is_listed"),
    ({"is_listed": "on"}, "consent_source"),
    ({"consent_on": "2999-01-01"}, "consent_on"),
    ({"given_name": "Petra"}, "__all__"),
    ({"centre": "999999"}, "centre"),
    ({"centre": "x"}, "centre"),
    ({"sectors": ["999999"]}, "sectors"),
    ({"sectors": ["x"]}, "sectors"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"website": "kein netz"}, "website"),
    ({"description": "x" * 5001}, "description"),
    ({"submission": "keine-uuid"}, "submission"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_bad_input_is_refused_with_the_input_kept(client, centre, change, field):
    response = client.post(CREATE_URL, form_data(centre, address__street="Weg 1") | change)

    assert (response.status_code, Actor.objects.count()) == (200, 0)
    assert list(response.context["form"].errors) == [field]
    assert 'value="Weg 1"' in response.content.decode()


BAD_ROWS = [
    {"emails": [{"email": "keine adresse"}]},
    {"emails": [{"email": "a@example.org"}, {"email": "A@example.org"}]},
    {
        "emails": [
            {"email": "a@example.org", "is_main": "on"},
            {"email": "b@example.org", "is_main": "on"},
        ]
    },
    {"emails": [{"email": "", "label": "Büro"}]},
    {"emails": [{"email": f"a{n}@example.org"} for n in range(21)]},
    {"phones": [{"number": "0" * 41}]},
    {"phones": [{"number": "030 1"}, {"number": "030 1"}]},
    {"phones": [{"number": "03\x000"}]},
    {"address__place_0": "52.5"},
    {"address__place_0": "91", "address__place_1": "13"},
    {"address__place_0": "nan", "address__place_1": "13"},
    {"address__place_0": "zwei", "address__place_1": "13"},
    {"address__street": "x" * 201},
    {"address__postcode": "x" * 11},
    {"emails-TOTAL_FORMS": "viele"},
    {"phones-TOTAL_FORMS": "999999999"},
]


@pytest.mark.parametrize("change", BAD_ROWS)
def test_bad_row_is_refused_with_a_summary(client, centre, change):
    response = client.post(CREATE_URL, form_data(centre, **change))

    assert (response.status_code, Actor.objects.count()) == (200, 0)
    assert response.context["editor"].error_lines != []
    assert "data-error-summary" in response.content.decode()


def test_ten_megabytes_are_refused_with_a_message(client, centre):
    response = client.post(CREATE_URL, form_data(centre, description="x" * 10_000_000))

    assert list(response.context["form"].errors) == ["description"]


def test_centre_of_others_cannot_be_chosen(client, centre):
    foreign = CentreFactory()

    response = client.post(CREATE_URL, form_data(foreign))

    assert list(response.context["form"].errors) == ["centre"]


def test_actor_of_another_centre_cannot_be_changed(client, centre):
    actor = ActorFactory(name="Fremd")

    response = client.post(update_url(actor), form_data(centre, version="0"))

    actor.refresh_from_db()
    assert (response.status_code, actor.name) == (404, "Fremd")
