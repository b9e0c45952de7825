"""The public directory: who agreed, and only what they agreed to."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actors.models import Consent
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    SectorFactory,
)
from tests.factories.office import TownFactory
from tests.factories.projects import ProjectFactory

LIST, POINTS = reverse("actors:directory_public"), reverse("actors:directory_public_points")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


def agree(actor, purpose="directory", **dates):
    dates = {"given_on": date(2026, 11, 1)} | dates
    Consent.objects.create(actor=actor, purpose=purpose, source="Formular", **dates)
    return actor


def listed(name, *, street="Marktplatz 1", **fields):
    actor = agree(ActorFactory(name=name, **fields))
    AddressFactory(actor=actor, street=street, latitude=52.5, longitude=13.3)
    return actor


def names(response):
    return [actor.name for actor in response.context["object_list"]]


def detail_url(actor):
    return reverse("actors:directory_public_detail", args=[actor.pk])


def answers(client, actor):
    """Whether the list, the map, the page and its small map know the actor."""
    point = reverse("actors:directory_public_point", args=[actor.pk])
    drawn = [place["properties"]["name"] for place in client.get(POINTS).json()["features"]]
    return [
        actor.name in names(client.get(LIST)),
        actor.name in drawn,
        client.get(detail_url(actor)).status_code == 200,
        client.get(point).status_code == 200,
    ]


def test_who_agreed_is_shown_everywhere(client):
    assert answers(client, listed("Laden")) == [True] * 4


@pytest.mark.parametrize(
    "hide",
    [
        lambda actor: actor.consents.all().delete(),
        lambda actor: actor.consents.update(withdrawn_on=date(2026, 11, 22)),
        lambda actor: actor.consents.update(given_on=date(2026, 11, 23)),
        lambda actor: actor.consents.update(purpose="news"),
        lambda actor: type(actor).objects.filter(pk=actor.pk).update(archived_at=timezone.now()),
    ],
    ids=["never agreed", "withdrawn", "not yet", "agreed to something else", "archived"],
)
def test_who_did_not_agree_is_shown_nowhere(client, hide):
    actor = listed("Laden")
    hide(actor)

    assert answers(client, actor) == [False] * 4


def test_names_are_sorted_as_german_lists_are(client):
    for name in ("Zimmerei", "Mueller A", "Müller B", "Muller", "Äpfel", "Straße", "Strasse A"):
        listed(name)

    assert names(client.get(LIST)) == [
        "Äpfel",
        "Mueller A",
        "Müller B",
        "Muller",
        "Straße",
        "Strasse A",
        "Zimmerei",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "backer"}, []),
        ({"q": "BÄCKER"}, ["Bäckerei"]),
        ({"q": "baecker"}, ["Bäckerei"]),
        ({"q": "torgasse"}, ["Bäckerei"]),
        ({"q": "bäckerei torgasse"}, ["Bäckerei"]),
        ({"q": "geheim"}, []),
        ({"q": "x" * 300}, ["Bäckerei", "Café"]),
        ({"sector": "x"}, ["Bäckerei", "Café"]),
    ],
)
def test_search_knows_only_what_is_shown(client, query, found):
    listed("Bäckerei", street="Torgasse 3", description="Geheim: will verkaufen")
    listed("Café")

    response = client.get(LIST, query)

    assert names(response) == found
    assert len(client.get(POINTS, query).json()["features"]) == len(found)


def test_sector_narrows_list_and_map(client):
    sector, empty = SectorFactory(name="Brot"), SectorFactory(name="Niemand")
    bakery, _cafe = listed("Bäckerei"), listed("Café")
    bakery.sectors.add(sector)

    response = client.get(LIST, {"sector": sector.pk})

    assert names(response) == ["Bäckerei"]
    assert len(client.get(POINTS, {"sector": sector.pk}).json()["features"]) == 1
    assert str(empty) not in response.content.decode()


def test_contact_data_needs_a_consent_of_its_own(client):
    actor = listed("Laden")
    EmailAddressFactory(actor=actor, email="laden@example.org")
    PhoneNumberFactory(actor=actor, number="030 4711")

    def shown():
        html = client.get(detail_url(actor)).content.decode()
        return ["laden@example.org" in html, "030 4711" in html]

    assert shown() == [False, False]
    consent = agree(actor, "contact_data").consents.get(purpose="contact_data")
    assert shown() == [True, True]
    consent.withdrawn_on = date(2026, 11, 22)
    consent.save()
    assert shown() == [False, False]


def test_page_shows_nothing_that_is_internal(client):
    actor = listed("Laden", description="Intern: zahlt spät")
    AddressFactory(actor=actor, street="Privatweg 7", is_main=False)
    project = ProjectFactory(title="Geheimprojekt", centre=actor.centre)
    project.participants.create(actor=actor)

    html = client.get(detail_url(actor)).content.decode()

    assert "Marktplatz 1" in html
    assert [word in html for word in ("Intern", "Privatweg", "Geheimprojekt")] == [False] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(client, django_assert_num_queries, count):
    TownFactory()
    for number in range(count):
        listed(f"Laden {number}").sectors.add(SectorFactory())

    with django_assert_num_queries(6):
        response = client.get(LIST)

    assert len(response.context["object_list"]) == count
