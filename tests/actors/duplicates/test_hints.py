import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from actors.directory.lookup_keys import phone_key
from actors.duplicates import hints
from actors.models import Actor, PhoneNumber
from tests.actors.directory.forms_data import form_data
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
)
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role

CREATE_URL = reverse("actors:actor_create")
HINT_URL = reverse("actors:duplicate_hint")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return centre


@pytest.fixture
def cafe(centre):
    actor = ActorFactory(name="Café Müller", centre=centre)
    EmailAddressFactory(actor=actor, email="info@cafe.example")
    PhoneNumberFactory(actor=actor, number="030 / 12 34 56")
    AddressFactory(actor=actor, street="Marktplatz 3", latitude=52.52, longitude=13.34)
    return actor


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Cafe Mueller GmbH", "email": "Info@Cafe.example"},
        {"name": "Ganz anders", "email": "info@cafe.example"},
        {"name": "Ganz anders", "phones": ["+49 30 123456"]},
        {"name": "Café Müler", "street": "Marktpl. 3"},
        {"name": "Müller Café", "latitude": 52.5201, "longitude": 13.3401},
    ],
)
def test_likely_actor_is_named(cafe, centre, values):
    assert [hint.actor for hint in hints.likely(values, centre)] == [cafe]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Café Müller"},
        {"name": "Café Müller", "street": "Torgasse 9"},
        {"name": "Optik Bauer", "street": "Marktplatz 3"},
        {"name": "", "email": "", "phone": "", "website": "", "street": ""},
        {"name": "Café Müller", "email": "info@cafe.example", "kind": "person"},
    ],
)
def test_nobody_is_named_for_less(cafe, centre, values):
    assert hints.likely(values, centre) == []


def test_actors_of_other_centres_and_archived_ones_are_not_named(cafe):
    values = {"name": "Café Müller", "email": "info@cafe.example"}
    assert hints.likely(values, CentreFactory()) == []

    Actor.objects.update(archived_at=timezone.now())
    assert hints.likely(values, cafe.centre) == []


def test_hint_while_typing_links_to_the_actor(client, centre, cafe):
    data = form_data(centre, name="Cafe Mueller")

    response = client.post(HINT_URL, data)

    assert cafe.get_absolute_url() in response.content.decode()
    assert client.post(HINT_URL, data | {"name": "Optik Bauer"}).content.strip() == b""


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "\0" * 10},
        {"name": "x" * 1_000_000},
        {"centre": "9" * 40},
        {"centre": "²"},
        {"emails-0-email": "\0@\0", "phones-0-number": "+" * 300},
        {"name": "🥐 \u202e" * 50, "address-street": "%_' OR 1=1 --"},
        {"website": "http://[kaputt"},
    ],
)
def test_hint_takes_any_input(client, centre, cafe, bad):
    assert client.post(HINT_URL, form_data(centre) | bad).status_code == 200
    assert client.post(HINT_URL, bad).status_code == 200


def test_hint_shows_no_actor_of_a_centre_that_the_user_does_not_see(client, centre):
    theirs = ActorFactory(name="Café Müller")
    EmailAddressFactory(actor=theirs, email="a@b.example")
    for chosen in (theirs.centre, centre):
        data = form_data(chosen, emails=[{"email": "a@b.example"}])

        assert client.post(HINT_URL, data).content.strip() == b""


def test_hint_is_for_those_who_may_create(client, sign_in):
    sign_in(Role.CITY)

    assert client.post(HINT_URL, {}).status_code == 403


@pytest.mark.parametrize(
    "contact",
    [
        {"emails": [{"email": "INFO@cafe.example"}]},
        {"phones": [{"number": "+49 (0)30 123456"}]},
    ],
)
def test_same_mail_or_phone_asks_before_it_saves(client, centre, cafe, contact):
    data = form_data(centre, name="Ganz anders", **contact)

    response = client.post(CREATE_URL, data)

    assert Actor.objects.count() == 1
    text = response.content.decode()
    assert cafe.get_absolute_url() in text
    assert "create_anyway" in text
    assert 'value="Ganz anders"' in text
    assert client.post(CREATE_URL, data | {"create_anyway": "1"}).status_code == 302
    assert Actor.objects.count() == 2


def test_same_name_alone_does_not_ask(client, centre, cafe):
    assert client.post(CREATE_URL, form_data(centre)).status_code == 302


def test_button_pressed_twice_is_no_duplicate(client, centre):
    submission = "c0ffee00-0000-4000-8000-000000000009"
    data = form_data(centre, emails=[{"email": "neu@cafe.example"}], submission=submission)

    answers = [client.post(CREATE_URL, data).url for _press in range(2)]

    assert answers[0] == answers[1]
    assert Actor.objects.count() == 1


def test_editing_asks_nothing(client, centre, cafe):
    data = form_data(
        centre, emails=[{"email": "info@cafe.example"}], phones=[{"number": "030 / 12 34 56"}]
    )

    response = client.post(
        reverse("actors:actor_update", args=[cafe.pk]), data | {"version": cafe.version}
    )

    assert response.status_code == 302


def test_number_is_looked_up_by_its_index_however_it_is_written(db):
    PhoneNumberFactory(number="+49 (30) 123-45 67")
    found = PhoneNumber.objects.alias(key=phone_key()).filter(key__in=["1234567"])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "phone_number_key" in found.explain()
    assert found.count() == 1
