import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    SectorFactory,
)
from tests.factories.office import CentreFactory, TownFactory
from zentrum.accounts.roles import Role

LIST_URL = reverse("actors:actor_list")
GEOJSON_URL = reverse("actors:actor_geojson")
CHOICES_URL = reverse("actors:actor_choices")


def names(response):
    return [actor.name for actor in response.context["object_list"]]


def places(response):
    return [feature["properties"]["name"] for feature in response.json()["features"]]


def choices(response):
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, sign_in, django_assert_num_queries, count
):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    for _ in range(count):
        actor = ActorFactory(centre=centre)
        actor.sectors.set([SectorFactory()])
        AddressFactory(actor=actor)
        EmailAddressFactory(actor=actor)
        PhoneNumberFactory(actor=actor)

    with django_assert_num_queries(12):
        response = client.get(LIST_URL)

    assert len(names(response)) == count


@pytest.mark.parametrize(
    ("role", "shown"),
    [(Role.MANAGER, ["Hier"]), (Role.DEPUTY, ["Hier"]), (Role.DESK, ["Hier"])],
)
def test_office_sees_the_actors_of_its_centre_only(client, sign_in, role, shown):
    here = CentreFactory()
    for actor in (ActorFactory(name="Hier", centre=here), ActorFactory(name="Woanders")):
        AddressFactory(actor=actor, street="Gemeinsame Gasse 1", latitude=52.5, longitude=13.3)
    sign_in(role, centre=here)

    assert names(client.get(LIST_URL)) == shown
    assert places(client.get(GEOJSON_URL)) == shown
    assert choices(client.get(CHOICES_URL, {"q": "gemeinsame"})) == shown


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL, None])
@pytest.mark.parametrize("url", [LIST_URL, GEOJSON_URL, CHOICES_URL])
def test_others_see_no_actors(client, sign_in, role, url):
    sign_in(role)

    assert client.get(url).status_code == 403


def test_mandate_for_all_centres_sees_them_all(client, sign_in):
    ActorFactory(name="Eins")
    ActorFactory(name="Zwei")
    sign_in(Role.MANAGER, centre=None, carrier=CentreFactory().carrier)

    assert names(client.get(LIST_URL)) == ["Eins", "Zwei"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("müller", ["Bäckerei Müller"]),
        ("MUELLER", ["Bäckerei Müller"]),
        ("turmstrasse müller", ["Bäckerei Müller"]),
        ("Turmstraße", ["Bäckerei Müller", "Öztürk"]),
        ("öztürk 100%", []),
        ("_", []),
        ("’; DROP TABLE", []),
    ],
)
def test_search_folds_german_spelling_in_name_and_address(client, sign_in, words, found):
    centre = CentreFactory()
    for name in ("Öztürk", "Bäckerei Müller"):
        AddressFactory(actor=ActorFactory(name=name, centre=centre), street="Turmstraße 5")
    ActorFactory(name="Anderswo", centre=centre)
    sign_in(Role.DESK, centre=centre)

    assert names(client.get(LIST_URL, {"q": words})) == found


def test_filter_by_kind_sector_and_archive(client, sign_in):
    centre, sector = CentreFactory(), SectorFactory()
    shop = ActorFactory(name="Laden", centre=centre)
    shop.sectors.add(sector)
    ActorFactory(name="Rat", kind=Actor.Kind.BODY, centre=centre)
    ActorFactory(name="Früher", centre=centre, archived_at=timezone.now())
    sign_in(Role.DESK, centre=centre)

    assert names(client.get(LIST_URL)) == ["Laden", "Rat"]
    assert names(client.get(LIST_URL, {"kind": "body"})) == ["Rat"]
    assert names(client.get(LIST_URL, {"sector": sector.pk})) == ["Laden"]
    assert names(client.get(LIST_URL, {"state": "archived"})) == ["Früher"]
    assert names(client.get(LIST_URL, {"kind": "x", "sector": "9" * 30})) == ["Laden", "Rat"]


def test_list_is_sorted_as_din_5007_sorts_names(client, sign_in):
    centre = CentreFactory()
    for name in ("Zander", "Mutter", "Müller", "Muster"):
        ActorFactory(name=name, centre=centre)
    sign_in(Role.DESK, centre=centre)

    assert names(client.get(LIST_URL)) == ["Müller", "Muster", "Mutter", "Zander"]
    assert names(client.get(LIST_URL, {"sort": "-name"})) == [
        "Zander",
        "Mutter",
        "Muster",
        "Müller",
    ]


def test_list_shows_50_of_51_and_counts_all(client, sign_in):
    centre = CentreFactory()
    ActorFactory.create_batch(51, centre=centre)
    sign_in(Role.DESK, centre=centre)

    response = client.get(LIST_URL)

    assert (len(names(response)), response.context["count"]) == (50, 51)
    assert len(names(client.get(LIST_URL, {"page": "2"}))) == 1


def test_map_has_every_place_of_the_filter_with_its_page(client, sign_in):
    centre = CentreFactory()
    actor = ActorFactory(name="Laden", legal_form="GmbH", centre=centre)
    AddressFactory(actor=actor, street="Turmstraße 5", latitude=52.52, longitude=13.34)
    AddressFactory(actor=ActorFactory(centre=centre))
    sign_in(Role.DESK, centre=centre)

    answer = client.get(GEOJSON_URL, {"q": "laden"}).json()

    assert answer == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [13.34, 52.52]},
                "properties": {
                    "name": "Laden GmbH",
                    "url": f"/akteure/{actor.pk}/",
                    "text": "Turmstraße 5",
                },
            }
        ],
    }


def test_choices_are_ten_at_most_and_names_that_begin_so_come_first(client, sign_in):
    centre = CentreFactory()
    for number in range(11):
        ActorFactory(name=f"Am Markt {number}", centre=centre)
    adler = ActorFactory(name="Markt zum Adler", centre=centre)
    AddressFactory(actor=adler, street="Weg 1", postcode="", town="")
    ActorFactory(name="Markt von früher", centre=centre, archived_at=timezone.now())
    sign_in(Role.DESK, centre=centre)

    found = choices(client.get(CHOICES_URL, {"q": "markt"}))

    assert client.get(CHOICES_URL, {"q": "adler"}).json() == {
        "results": [
            {"id": adler.pk, "name": "Markt zum Adler", "street": "Weg 1", "kind": "Organisation"}
        ]
    }
    assert (len(found), found[:2]) == (10, ["Markt zum Adler", "Am Markt 0"])
    assert choices(client.get(CHOICES_URL, {"q": "m"})) == []


def test_script_in_a_name_is_text(client, sign_in):
    centre = CentreFactory()
    ActorFactory(name="<script>alert(1)</script>", centre=centre)
    sign_in(Role.DESK, centre=centre)

    html = client.get(LIST_URL).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
