"""The picture of the network: what is in it, what it tells, and its table."""

from datetime import date
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actors.models import Body, Seat
from actors.network.loading import load
from tests.factories.actors import ActorFactory, RelationFactory, SectorFactory
from tests.factories.office import CarrierFactory, CentreFactory, TownFactory
from tests.factories.projects import ProjectFactory
from zentrum.accounts.roles import Role

PAGE, DATA = reverse("actors:network"), reverse("actors:network_data")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    return centre


def actor(centre, name, *sectors, kind="organisation"):
    made = ActorFactory(centre=centre, name=name, kind=kind)
    made.sectors.set(sectors)
    return made


def body(centre, name):
    return Body.objects.create(actor=actor(centre, name, kind="body"), kind="jury")


def drawn(client, **query):
    data = client.get(DATA, query).json()
    names = {node["id"]: node["name"] for node in data["nodes"]}
    edges = {(names[source], names[target], kind) for source, target, _words, kind in data["edges"]}
    return set(names.values()), edges


def test_relations_seats_and_participations_are_one_network(client, centre):
    shop, owner = actor(centre, "Laden"), actor(centre, "Anna", kind="person")
    RelationFactory(actor=owner, kind="owns", other=shop)
    jury = body(centre, "Jury")
    Seat.objects.create(
        body=jury, person=owner, represents=shop, group="trade", starts_on=date(2026, 1, 1)
    )
    project = ProjectFactory(title="Bänke", centre=centre, carrier=centre.carrier)
    project.participants.create(actor=shop)

    names, edges = drawn(client)

    assert names == {"Laden", "Anna", "Jury", "Bänke"}
    assert edges == {
        ("Anna", "Laden", "owns"),
        ("Anna", "Jury", "seat"),
        ("Laden", "Jury", "seat"),
        ("Laden", "Bänke", "participation"),
    }


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        ("2026-01-31", set()),
        ("2026-02-01", {"owns"}),
        ("2026-03-31", {"owns", "seat"}),
        ("2026-04-01", {"seat"}),
        ("", {"seat"}),
        ("kein Tag", {"seat"}),
    ],
)
def test_picture_shows_what_held_on_a_day(client, centre, on, kinds):
    shop, owner = actor(centre, "Laden"), actor(centre, "Anna", kind="person")
    RelationFactory(
        actor=owner,
        kind="owns",
        other=shop,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 3, 31),
    )
    Seat.objects.create(
        body=body(centre, "Jury"), person=owner, group="trade", starts_on=date(2026, 3, 1)
    )

    assert {kind for *_pair, kind in drawn(client, on=on)[1]} == kinds


def test_an_actor_archived_later_still_stood_there(client, centre):
    shop, owner = actor(centre, "Laden"), actor(centre, "Anna", kind="person")
    RelationFactory(actor=owner, kind="owns", other=shop)
    shop.archived_at = timezone.now()
    shop.save()

    assert drawn(client, on="2026-11-21")[0] == {"Laden", "Anna"}
    assert drawn(client)[0] == set()


@pytest.fixture
def chain(centre):
    """Anna – Bäckerei – Café – Dachdecker – Ernst; Fritz stands alone."""
    kinds = dict.fromkeys(("Anna", "Ernst", "Fritz"), "person")
    people = [
        actor(centre, name, kind=kinds.get(name, "organisation"))
        for name in ("Anna", "Bäckerei", "Café", "Dachdecker", "Ernst", "Fritz")
    ]
    for one, other in pairwise(people[:5]):
        RelationFactory(actor=one, kind="cooperates", other=other)
    return people


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"Anna", "Bäckerei", "Café", "Dachdecker", "Ernst"}),
        ({"alone": "on"}, {"Anna", "Bäckerei", "Café", "Dachdecker", "Ernst", "Fritz"}),
        ({"kinds": "organisation"}, {"Bäckerei", "Café", "Dachdecker"}),
        ({"kinds": "unfug"}, {"Anna", "Bäckerei", "Café", "Dachdecker", "Ernst"}),
        ({"edges": "owns"}, set()),
        ({"sector": "0"}, {"Anna", "Bäckerei", "Café", "Dachdecker", "Ernst"}),
    ],
)
def test_picture_is_narrowed(client, chain, query, names):
    assert drawn(client, **query)[0] == names


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        ("", {"Anna", "Bäckerei"}),
        ("1", {"Anna", "Bäckerei"}),
        ("2", {"Anna", "Bäckerei", "Café"}),
        ("99", {"Anna", "Bäckerei"}),
    ],
)
def test_picture_around_one_actor(client, chain, depth, names):
    assert drawn(client, actor=str(chain[0].pk), depth=depth)[0] == names
    assert drawn(client, actor="Anna", depth=depth)[0] == names


def test_actor_who_stands_alone_has_a_picture(client, chain):
    assert drawn(client, actor=str(chain[5].pk))[0] == {"Fritz"}


def test_sector_shows_its_actors_and_their_neighbours(client, chain):
    sector = SectorFactory()
    chain[1].sectors.add(sector)

    assert drawn(client, sector=str(sector.pk))[0] == {"Anna", "Bäckerei", "Café"}


def test_who_connects_two_sectors(client, chain, centre):
    retail, schools = SectorFactory(name="Handel"), SectorFactory(name="Schulen")
    chain[0].sectors.add(retail)
    chain[4].sectors.add(schools)
    shortcut = actor(centre, "Kurzer Weg")
    RelationFactory(actor=chain[1], kind="cooperates", other=shortcut)
    RelationFactory(actor=shortcut, kind="cooperates", other=chain[3])

    found = client.get(PAGE, {"first": retail.pk, "second": schools.pk}).context["between"]

    marked = client.get(DATA, {"first": retail.pk, "second": schools.pk}).json()["ways"]
    assert marked == [[node.id for node in way] for way in found.ways]
    assert [[node.name for node in way] for way in found.ways] == [
        ["Anna", "Bäckerei", "Café", "Dachdecker", "Ernst"],
        ["Anna", "Bäckerei", "Kurzer Weg", "Dachdecker", "Ernst"],
    ]
    assert [(broker.node.name, broker.percent) for broker in found.brokers] == [
        ("Bäckerei", 100),
        ("Dachdecker", 100),
        ("Café", 50),
        ("Kurzer Weg", 50),
    ]


def test_sectors_without_a_way_say_so(client, chain):
    retail, schools = SectorFactory(), SectorFactory()
    chain[0].sectors.add(retail)
    chain[5].sectors.add(schools)

    found = client.get(PAGE, {"first": retail.pk, "second": schools.pk}).context["between"]

    assert (found.steps, found.ways, found.brokers) == (0, [], [])


def test_page_names_those_alone_and_the_sectors_without_a_seat(client, centre):
    heard, spoken_for, silent = (SectorFactory() for _ in range(3))
    member, shop = actor(centre, "Anna", kind="person"), actor(centre, "Laden", spoken_for)
    RelationFactory(actor=member, kind="works_for", other=shop)
    sitting = actor(centre, "Verein", heard)
    actor(centre, "Still", silent)
    jury = body(centre, "Jury")
    for person in (member, sitting):
        Seat.objects.create(body=jury, person=person, group="trade", starts_on=date(2026, 1, 1))

    context = client.get(PAGE).context

    assert [node.name for node in context["alone"]] == ["Still"]
    assert context["missing"] == [silent]


def test_table_says_the_same_as_the_picture(client, chain):
    page = client.get(PAGE).context["page"]

    table = {(edge.source.name, edge.target.name, edge.kind) for edge in page.object_list}
    assert table == drawn(client)[1]


def test_what_others_know_is_not_in_the_picture(client, centre):
    mine, hidden = actor(centre, "Laden"), ActorFactory(name="Verborgen")
    RelationFactory(actor=mine, other=hidden)
    ProjectFactory(title="Geheim", centre=centre, carrier=CarrierFactory()).participants.create(
        actor=mine
    )

    assert drawn(client, alone="on") == ({"Laden"}, set())
    assert "Verborgen" not in client.get(f"{PAGE}?actor={hidden.pk}").content.decode()


@pytest.mark.parametrize("query", ["actor=-1", "actor=%00", "depth=x", "page=99", "kinds=x&on=1"])
def test_address_that_makes_no_sense_shows_the_page(client, centre, query):
    codes = [client.get(f"{url}?{query}").status_code for url in (PAGE, DATA)]

    assert set(codes) <= {200, 400}


@pytest.mark.parametrize("count", [1, 3])
def test_network_is_read_in_four_queries(client, sign_in, django_assert_num_queries, count):
    centre = CentreFactory()
    user = sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    fill(centre, count)
    assert user.current_mandates

    with django_assert_num_queries(4):
        network = load(user, date(2026, 11, 22))

    assert len(network.nodes) == 4 * count


@pytest.mark.parametrize("count", [1, 3])
def test_data_and_page_need_the_same_queries_for_any_size(
    client, sign_in, django_assert_num_queries, count
):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    fill(centre, count)

    with django_assert_num_queries(7):
        client.get(DATA)
    with django_assert_num_queries(9):
        client.get(PAGE)


def fill(centre, count):
    for _ in range(count):
        shop, owner = ActorFactory(centre=centre), ActorFactory(centre=centre, kind="person")
        shop.sectors.set([SectorFactory()])
        RelationFactory(actor=owner, kind="owns", other=shop)
        Seat.objects.create(
            body=body(centre, "Jury"), person=owner, group="trade", starts_on=date(2026, 1, 1)
        )
        project = ProjectFactory(centre=centre, carrier=centre.carrier)
        project.participants.create(actor=shop)
