"""The hints beside the rows of an import."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.duplicates import profiles
from actors.duplicates.previewing import MOST_SHARING, likely_for_all
from actors.models import Actor, Address, EmailAddress, PhoneNumber
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
)
from tests.factories.office import CentreFactory

pytestmark = pytest.mark.django_db
ROWS = [
    {"name": "Cafe Mueller", "email": "Info@cafe.example"},
    {"name": "Café Müller"},
    {"name": "Cafe Mueller", "phone": "030 123456"},
    {"name": "Café Müller", "website": "https://www.cafe.example/start"},
    {"name": "Café Müller", "street": "Goethe Str. 3-5"},
    {"name": "Müller Café", "latitude": 52.5201, "longitude": 13.3401},
    {"name": "Café Müller", "street": "Goethestraße 3"},
]


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def cafe(centre):
    return cafe_in(centre)


def cafe_in(centre):
    actor = ActorFactory(name="Café Müller", centre=centre, website="http://cafe.example")
    EmailAddressFactory(actor=actor, email="info@Cafe.example")
    PhoneNumberFactory(actor=actor, number="030 / 12 34 56")
    AddressFactory(actor=actor, street="Goethestraße 3-5", latitude=52.52, longitude=13.34)
    return actor


def test_each_key_of_a_row_finds_the_actor_and_the_name_alone_does_not(cafe, centre):
    found = likely_for_all(ROWS, centre)

    assert found == [[cafe.pk], [], [cafe.pk], [cafe.pk], [cafe.pk], [cafe.pk], []]


def test_actors_of_other_centres_and_archived_ones_are_not_named(cafe, centre):
    assert likely_for_all(ROWS, CentreFactory()) == [[]] * len(ROWS)

    Actor.objects.update(archived_at=timezone.now())
    assert likely_for_all(ROWS, centre) == [[]] * len(ROWS)


def test_as_many_queries_for_hundreds_of_rows_and_actors(cafe, centre):
    with CaptureQueriesContext(
        connection,
    ) as few:
        likely_for_all(ROWS, centre)
    for _number in range(60):
        AddressFactory(actor=ActorFactory(centre=centre))
    more = [
        {"name": "Optik", "street": f"Torgasse {n}", "website": f"optik-{n}.example"}
        for n in range(200)
    ]

    with CaptureQueriesContext(connection) as many:
        likely_for_all([*ROWS, *more], centre)

    assert len(few) == len(many) == 9


@pytest.fixture
def directory(centre):
    """Enough rows that an index pays, and a planner that knows them, whatever ran before."""
    numbers = range(300)
    actors = Actor.objects.bulk_create(
        Actor(
            kind="organisation", name=f"Laden {n}", centre=centre, website=f"https://l{n}.example"
        )
        for n in numbers
    )
    rows = list(zip(actors, numbers, strict=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(actor=a, email=f"l{n}@a.example") for a, n in rows
    )
    PhoneNumber.objects.bulk_create(PhoneNumber(actor=a, number=f"030 {n}") for a, n in rows)
    Address.objects.bulk_create(
        Address(actor=a, street=f"Weg {n}", latitude=52 + n / 999, longitude=13) for a, n in rows
    )
    with connection.cursor() as cursor:
        for model in (Actor, EmailAddress, PhoneNumber, Address):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


@pytest.mark.parametrize(
    "index", ["email_address_key", "phone_number_key", "address_cell_key", "actor_host_key"]
)
def test_keys_are_looked_up_by_their_index(cafe, centre, directory, index):
    with CaptureQueriesContext(connection) as queries:
        likely_for_all(ROWS, centre)

    plans = []
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append(str(cursor.fetchall()))
    assert [index in plan for plan in plans].count(True) == 1


def test_only_actors_that_share_a_key_are_read(cafe, centre, monkeypatch):
    for number in range(30):
        AddressFactory(actor=ActorFactory(centre=centre), street=f"Torgasse {number}")
    read = []
    load = profiles.load
    monkeypatch.setattr(profiles, "load", lambda pks: load(read.extend(pks) or read))

    likely_for_all(ROWS, centre)

    assert read == [cafe.pk]


def test_key_of_more_than_a_hundred_actors_says_nothing(cafe, centre):
    crowd = ActorFactory.create_batch(MOST_SHARING, centre=centre)
    for actor in crowd:
        EmailAddressFactory(actor=actor, email="info@cafe.example")
        AddressFactory(actor=actor, street="Goethestr. 3-5")

    found = likely_for_all([ROWS[0], ROWS[4]], centre)

    assert found == [[], []]
