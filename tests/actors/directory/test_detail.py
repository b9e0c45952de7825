from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    RelationFactory,
    SectorFactory,
)
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, TownFactory, UserFactory
from tests.factories.projects import ProjectFactory
from tests.zentrum.test_access import ALL
from zentrum.accounts.roles import Role


def detail_url(actor):
    return reverse("actors:actor_detail", args=[actor.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_number_of_rows(
    client, sign_in, django_assert_num_queries, count
):
    TownFactory()
    centre = CentreFactory()
    actor = ActorFactory(centre=centre)
    AddressFactory(actor=actor, latitude=52.5, longitude=13.3)
    for _ in range(count):
        EmailAddressFactory(actor=actor)
        PhoneNumberFactory(actor=actor)
        actor.sectors.add(SectorFactory())
        RelationFactory(actor=actor, other=ActorFactory(centre=centre))
        CaseFactory(actor=actor, centre=centre)
        ProjectFactory(centre=centre).participants.create(actor=actor)
        actor.notes.create(author=UserFactory(), text="Kennt alle")
    sign_in(Role.MANAGER, centre=centre)

    with django_assert_num_queries(30):
        response = client.get(detail_url(actor))

    shown = [len(response.context[name]) for name in ("current_sides", "entries")]
    assert shown == [count, 3 * count]


@pytest.mark.parametrize("name", ["actor_detail", "actor_place", "actor_update", "relation_create"])
def test_actor_of_another_centre_is_not_there(client, sign_in, name):
    sign_in(Role.MANAGER, centre=CentreFactory())

    url = reverse(f"actors:{name}", args=[ActorFactory().pk])

    assert client.get(url).status_code == 404


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_relations_read_from_either_side_current_ones_first(client, sign_in):
    centre = CentreFactory()
    owner = ActorFactory(kind="person", name="Öztürk", centre=centre)
    shop = ActorFactory(name="Laden", centre=centre)
    RelationFactory(actor=owner, kind="owns", other=shop, ends_on=date(2026, 11, 21))
    RelationFactory(actor=owner, kind="works_for", other=shop, starts_on=date(2026, 11, 22))
    sign_in(Role.DESK, centre=centre)

    def read(actor):
        context = client.get(detail_url(actor)).context
        sides = [*context["current_sides"], *context["other_sides"]]
        return [(str(side.relation.kind), side.other, side.is_current) for side in sides]

    assert read(shop) == [("works_for", owner, True), ("owns", owner, False)]
    assert read(owner) == [("works_for", shop, True), ("owns", shop, False)]


def test_relation_to_an_actor_of_another_centre_is_hidden(client, sign_in):
    actor = ActorFactory()
    RelationFactory(actor=actor, other=ActorFactory(name="Verborgen"))
    RelationFactory(actor=ActorFactory(name="Auch verborgen"), other=actor)
    sign_in(Role.MANAGER, centre=actor.centre)

    context = client.get(detail_url(actor)).context
    assert (context["current_sides"], context["other_sides"]) == ([], [])


def test_desk_sees_its_own_cases_of_an_actor_only(client, sign_in):
    actor = ActorFactory()
    user = sign_in(Role.DESK, centre=actor.centre)
    own = CaseFactory(actor=actor, centre=actor.centre, owner=user)
    CaseFactory(actor=actor, centre=actor.centre)

    entries = client.get(detail_url(actor)).context["entries"]
    assert [entry.url for entry in entries] == [own.get_absolute_url()]


def test_merged_actor_leads_to_the_one_that_was_kept(client, sign_in):
    kept = ActorFactory()
    merged = ActorFactory(centre=kept.centre, merged_into=kept, archived_at=timezone.now())
    sign_in(Role.DESK, centre=kept.centre)

    assert client.get(detail_url(merged)).url == kept.get_absolute_url()


def test_archived_actor_keeps_its_page_and_comes_back(client, sign_in):
    actor = ActorFactory()
    sign_in(Role.DESK, centre=actor.centre)

    client.post(reverse("actors:actor_archive", args=[actor.pk]))
    actor.refresh_from_db()
    assert (actor.archived_at is not None, actor.version) == (True, 1)
    assert client.get(detail_url(actor)).status_code == 200

    client.post(reverse("actors:actor_unarchive", args=[actor.pk]))
    actor.refresh_from_db()
    assert (actor.archived_at, actor.version) == (None, 2)


@pytest.mark.parametrize("name", ["actor_archive", "actor_unarchive"])
def test_archiving_takes_a_post_and_a_visible_actor(client, sign_in, name):
    actor = ActorFactory()
    sign_in(Role.MANAGER, centre=CentreFactory())
    url = reverse(f"actors:{name}", args=[actor.pk])

    assert (client.get(url).status_code, client.post(url).status_code) == (405, 404)
    actor.refresh_from_db()
    assert actor.version == 0


def test_an_actor_is_never_deleted_only_archived():
    names = {name for name, _kwargs in ALL if name.startswith("actors:")}

    assert {name for name in names if "delete" in name and "actor" in name.split(":")[1]} == set()


def test_a_place_without_a_street_is_no_contact_data(client, sign_in):
    actor = ActorFactory()
    AddressFactory(actor=actor, street="", postcode="", town="", latitude=52.5, longitude=13.3)
    sign_in(Role.MANAGER, centre=actor.centre)

    page = client.get(detail_url(actor)).content.decode()

    assert "Noch keine Kontaktdaten." in page
