from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import ContactPerson, Introduction, Relation, Round, Visit
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    BodyFactory,
    ContactPersonFactory,
    RelationFactory,
    SeatFactory,
    SectorFactory,
    VisitFactory,
)
from tests.factories.contacts import CaseFactory
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from tests.factories.projects import (
    IdeaFactory,
    ParticipantFactory,
    ProgressNoteFactory,
    ProjectFactory,
)
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def user(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def shown(client, query=""):
    response = client.get(reverse("actors:care_radar") + query)
    return {str(actor): last for actor, last in response.context["rows"]}


def visited(actor, at, **more):
    VisitFactory(actor=actor, visited_at=at, **more)


def called(actor, at, **more):
    CaseFactory(actor=actor, centre=actor.centre, last_outgoing_at=at, **more)


def introduced(actor, at, centre=None):
    row = Introduction.objects.create(
        first=ActorFactory(centre=centre or actor.centre, name="Zweite", archived_at=NOW),
        second=actor,
        by=UserFactory(),
        text="Guten Tag",
        submission="6f2f1f0e-9b57-4a55-8c52-3a3e2c0d6f11",
    )
    Introduction.objects.filter(pk=row.pk).update(created_at=at)


def noted(actor, at, **more):
    project = ProjectFactory(centre=actor.centre, **more)
    ParticipantFactory(project=project, actor=actor)
    note = ProgressNoteFactory(project=project)
    type(note).objects.filter(pk=note.pk).update(created_at=at)


@pytest.mark.parametrize("contact", [visited, called, introduced, noted])
def test_each_kind_of_contact_takes_an_actor_off_the_radar(client, user, centre, contact):
    actor = ActorFactory(centre=centre, name="Kranz")

    contact(actor, LONG_AGO)
    assert shown(client) == {"Kranz": LONG_AGO}
    contact(actor, NOW) if contact is not introduced else visited(actor, NOW)

    assert shown(client) == {}


def test_visit_at_which_nobody_was_met_and_one_to_come_are_no_contact(client, user, centre):
    actor = ActorFactory(centre=centre, name="Kranz")
    visited(actor, NOW, met_nobody=True)
    VisitFactory(actor=actor)

    assert shown(client) == {"Kranz": None}


def test_what_others_did_is_no_contact_of_ours(client, user, centre):
    actor = ActorFactory(centre=centre, name="Kranz")
    called(actor, NOW, carrier=CarrierFactory())
    noted(actor, NOW, carrier=CarrierFactory())
    introduced(actor, NOW, centre=CentreFactory())

    assert shown(client) == {"Kranz": None}


@pytest.mark.parametrize(("months", "found"), [("3", True), ("6", False), ("x", False)])
def test_months_are_chosen_and_six_are_usual(client, user, centre, months, found):
    visited(ActorFactory(centre=centre, name="Kranz"), NOW - timedelta(days=120))

    assert ("Kranz" in shown(client, f"?months={months}")) is found


def test_radar_is_narrowed_to_a_street_a_person_and_nobody(client, user, centre):
    kranz, linde = (ActorFactory(centre=centre, name=name) for name in ("Kranz", "Linde"))
    AddressFactory(actor=kranz, street="Turmstraße 12 a")
    AddressFactory(actor=linde, street="Turmstraße-Nord 1")
    ContactPersonFactory(actor=kranz, user=user)
    ended = ContactPersonFactory(actor=linde, user=user)
    ContactPerson.objects.filter(pk=ended.pk).update(ends_on=ended.starts_on)

    assert set(shown(client, "?street=Turmstraße")) == {"Kranz"}
    assert set(shown(client, f"?person={user.pk}")) == {"Kranz"}
    assert set(shown(client, "?person=nobody")) == {"Linde"}


def test_map_shows_what_the_list_shows(client, user, centre):
    for name, at in (("Kranz", LONG_AGO), ("Linde", NOW)):
        actor = ActorFactory(centre=centre, name=name)
        AddressFactory(actor=actor, latitude=52.5, longitude=13.3)
        visited(actor, at)

    points = client.get(reverse("actors:care_geojson")).json()["features"]

    assert [point["properties"]["name"] for point in points] == ["Kranz"] == list(shown(client))


@pytest.mark.parametrize("number", [1, 3])
def test_radar_takes_the_same_queries_for_one_and_three(
    client, user, centre, number, django_assert_num_queries
):
    for actor in ActorFactory.create_batch(number, centre=centre):
        AddressFactory(actor=actor)
        ContactPersonFactory(actor=actor)
        visited(actor, LONG_AGO)
    client.get(reverse("actors:care_radar"))

    with django_assert_num_queries(16):
        client.get(reverse("actors:care_radar"))


def test_streets_without_an_idea_are_listed_and_mapped(client, user, centre):
    for street in ("Turmstraße 1", "Am Anger 3-5", "Straße des 17. Juni 100 b", "Anger 2"):
        AddressFactory(
            actor=ActorFactory(centre=centre), street=street, latitude=52.5, longitude=13.3
        )
    IdeaFactory(centre=centre, place="Ecke Turmstr. 5 / Am Anger")
    IdeaFactory(centre=centre, carrier=CarrierFactory(), place="Straße des 17. Juni")

    response = client.get(reverse("actors:care_streets"))
    points = client.get(reverse("actors:care_streets_geojson")).json()["features"]

    names = [street.name for street in response.context["page_obj"]]
    assert names == ["Straße des 17. Juni"]
    assert [point["properties"]["name"] for point in points] == names


def sectors(client):
    response = client.get(reverse("actors:care_sectors"))
    return [(sector.name, sector.count) for sector in response.context["sectors"]]


def test_sectors_without_a_seat_are_those_nobody_speaks_for(client, user, centre):
    names = ["sitzt", "vertreten", "spricht", "stumm", "unbenutzt"]
    kinds = {name: SectorFactory(name=name) for name in names}
    actors = {name: ActorFactory(centre=centre) for name in names[:4]}
    for name, actor in actors.items():
        actor.sectors.add(kinds[name])
    body = BodyFactory(actor__centre=centre)
    SeatFactory(body=body, person=actors["sitzt"])
    SeatFactory(body=body, represents=actors["vertreten"], person=ActorFactory(centre=centre))
    owner = ActorFactory(centre=centre, kind="person")
    RelationFactory(actor=owner, kind=Relation.Kind.OWNS, other=actors["spricht"])
    SeatFactory(body=body, person=owner)

    assert sectors(client) == [("stumm", 1)]


def test_bodies_and_actors_of_another_centre_say_nothing_of_our_sectors(client, user, centre):
    ours, member = ActorFactory.create_batch(2, centre=centre)
    ours.sectors.add(SectorFactory(name="unsere"))
    member.sectors.add(SectorFactory(name="Verein"))
    ActorFactory(centre=CentreFactory()).sectors.add(SectorFactory(name="fremde"))
    body = BodyFactory(actor__centre=CentreFactory())
    SeatFactory(body=body, person=ours)
    RelationFactory(actor=member, kind=Relation.Kind.MEMBER_OF, other=body.actor)

    assert sectors(client) == [("Verein", 1), ("unsere", 1)]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("care_streets", 8), ("care_sectors", 9)])
def test_gaps_take_the_same_queries_for_one_and_three(
    client, user, centre, number, page, queries, django_assert_num_queries
):
    for index in range(number):
        actor = ActorFactory(centre=centre)
        AddressFactory(actor=actor, street=f"Straße {'ABC'[index]} 1")
        actor.sectors.add(SectorFactory())
    client.get(reverse(f"actors:{page}"))

    with django_assert_num_queries(queries):
        client.get(reverse(f"actors:{page}"))


def test_ticked_rows_come_on_the_round_of_today(client, user, centre):
    sector = SectorFactory()
    ticked = ActorFactory(centre=centre)
    in_street = ActorFactory.create_batch(4, centre=centre)
    for number, actor in enumerate(in_street):
        AddressFactory(actor=actor, street=f"Turmstraße {number + 1}")
    visited(in_street[0], NOW)
    of_sector = ActorFactory(centre=centre)
    of_sector.sectors.add(sector)
    foreign = ActorFactory()
    data = {
        "actors": [ticked.pk, foreign.pk, "x", 2**70],
        "streets": ["Turmstraße"],
        "sectors": [sector.pk],
    }

    for _press in range(2):
        response = client.post(reverse("actors:round_plan"), data)

    row = Round.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.user, row.on) == (user, timezone.localdate())
    stops = set(Visit.objects.filter(round=row).values_list("actor", flat=True))
    assert stops == {ticked.pk, of_sector.pk, *(actor.pk for actor in in_street[1:])}


def test_nothing_ticked_is_said(client, user):
    response = client.post(reverse("actors:round_plan"), {}, follow=True)

    assert Round.objects.count() == 0
    assert len(response.context["messages"]) == 1


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize("page", ["care_radar", "care_streets", "care_sectors", "round_list"])
def test_care_is_for_the_office(client, sign_in, centre, role, page):
    sign_in(role, centre=centre)

    assert client.get(reverse(f"actors:{page}")).status_code == 403
