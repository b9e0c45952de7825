from datetime import date

import pytest
import time_machine
from django.urls import reverse

from actors.models import Relation
from tests.factories.actors import ActorFactory, AddressFactory, RelationFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return centre


def create_url(actor):
    return reverse("actors:relation_create", args=[actor.pk])


def stored():
    return list(Relation.objects.values_list("actor__name", "kind", "other__name"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("works_for", ("Anna", "works_for", "Laden")),
        ("works_for:back", ("Laden", "works_for", "Anna")),
        ("cooperates", ("Anna", "cooperates", "Laden")),
    ],
)
def test_relation_is_entered_in_either_direction(client, centre, kind, expected):
    anna, shop = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Laden", centre=centre)

    client.post(create_url(anna), {"kind": kind, "other": "Laden", "other_id": str(shop.pk)})

    assert stored() == [expected]


def test_relation_keeps_its_direction_when_edited_from_the_other_side(client, centre):
    anna, shop = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Laden", centre=centre)
    relation = RelationFactory(actor=anna, kind="works_for", other=shop)
    url = reverse("actors:relation_update", args=[shop.pk, relation.pk])

    initial = client.get(url).context["form"].initial
    data = {
        "kind": initial["kind"],
        "other": "Anna",
        "other_id": str(anna.pk),
        "function": "Chefin",
    }
    client.post(url, data)

    relation.refresh_from_db()
    assert (initial["kind"], initial["other"]) == ("works_for:back", anna)
    assert (stored(), relation.function) == ([("Anna", "works_for", "Laden")], "Chefin")


BAD = [
    ({"kind": "marries"}, "kind"),
    ({"kind": ""}, "kind"),
    ({"other": ""}, "other"),
    ({"other": "Gibt es nicht"}, "other"),
    ({"other": "La\0den", "other_id": ""}, "other"),
    ({"other": "x" * 201, "other_id": ""}, "other"),
    ({"other_id": "999999"}, "other"),
    ({"other_id": "x"}, "other"),
    ({"other_id": "9" * 40}, "other"),
    ({"starts_on": "gestern"}, "starts_on"),
    ({"starts_on": "2026-02-30"}, "starts_on"),
    ({"starts_on": "2026-02-02", "ends_on": "2026-02-01"}, "__all__"),
    ({"function": "x" * 101}, "function"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_bad_relation_is_refused_with_a_reason(client, centre, change, field):
    anna, shop = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Laden", centre=centre)
    data = {"kind": "owns", "other": "Laden", "other_id": str(shop.pk)}

    response = client.post(create_url(anna), data | change)

    assert list(response.context["form"].errors) == [field]
    assert stored() == []


def test_relation_to_itself_or_twice_is_refused(client, centre):
    anna, shop = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Laden", centre=centre)
    itself = {"kind": "owns", "other": "Anna", "other_id": str(anna.pk)}
    twice = {"kind": "owns", "other": "Laden", "other_id": str(shop.pk)}
    client.post(create_url(anna), twice)

    for data in (itself, twice):
        assert list(client.post(create_url(anna), data).context["form"].errors) == ["__all__"]
    assert stored() == [("Anna", "owns", "Laden")]


def test_actor_of_another_centre_cannot_be_the_other_side(client, centre):
    anna, foreign = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Fremd")

    data = {"kind": "owns", "other": "Fremd", "other_id": str(foreign.pk)}
    response = client.post(create_url(anna), data)

    assert list(response.context["form"].errors) == ["other"]


def test_without_scripts_a_name_that_several_have_offers_a_select(client, centre):
    anna = ActorFactory(name="Anna", centre=centre)
    shops = [ActorFactory(name="Laden", centre=centre) for _ in range(2)]
    AddressFactory(actor=shops[1], street="Turmstraße 5", postcode="", town="")

    response = client.post(create_url(anna), {"kind": "owns", "other": "laden"})

    html = response.content.decode()
    assert list(response.context["form"].errors) == ["other"]
    assert f'<option value="{shops[1].pk}">Laden, Turmstraße 5</option>' in html

    client.post(
        create_url(anna), {"kind": "owns", "other": "laden", "other_pick": str(shops[1].pk)}
    )

    assert Relation.objects.get().other == shops[1]


def test_without_scripts_another_name_beats_the_id_of_the_page(client, centre):
    anna, shop = ActorFactory(name="Anna", centre=centre), ActorFactory(name="Laden", centre=centre)
    bakery = ActorFactory(name="Bäckerei", centre=centre)

    client.post(create_url(anna), {"kind": "owns", "other": "Baeckerei", "other_id": str(shop.pk)})

    assert Relation.objects.get().other == bakery


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_relation_ends_today(client, centre):
    relation = RelationFactory(actor__centre=centre, other__centre=centre)
    url = reverse("actors:relation_end", args=[relation.other.pk, relation.pk])

    assert client.get(url).status_code == 405
    client.post(url)

    relation.refresh_from_db()
    assert relation.ends_on == date(2026, 11, 22)


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_relation_that_begins_later_cannot_end_today(client, centre):
    relation = RelationFactory(
        actor__centre=centre, other__centre=centre, starts_on=date(2026, 12, 1)
    )

    client.post(reverse("actors:relation_end", args=[relation.actor.pk, relation.pk]))

    relation.refresh_from_db()
    assert relation.ends_on is None


@pytest.mark.parametrize("name", ["relation_update", "relation_end"])
def test_relation_of_others_is_not_there(client, centre, name):
    actor, foreign = ActorFactory(centre=centre), RelationFactory()
    half = RelationFactory(actor=actor)

    for relation in (foreign, half):
        url = reverse(f"actors:{name}", args=[actor.pk, relation.pk])
        assert client.post(url).status_code == 404
