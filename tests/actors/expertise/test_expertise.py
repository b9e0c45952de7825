from datetime import date

import pytest
from django.urls import reverse

from actors.expertise.finding import who_can_help
from actors.models import Expertise, FieldOfExpertise
from tests.factories.actors import ActorFactory, RelationFactory, SectorFactory
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import ParticipantFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
URL = "/akteure/hilfe/"


@pytest.fixture
def carrier():
    return CarrierFactory()


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre, carrier):
    return sign_in(Role.MANAGER, centre=centre, carrier=carrier)


def knows(actor, name, **fields):
    field, _new = FieldOfExpertise.objects.get_or_create(name=name)
    return Expertise.objects.create(actor=actor, field=field, **fields)


def found(words, user):
    return [(hit.actor, hit.reasons) for hit in who_can_help(words, user)]


def test_help_is_found_in_fields_functions_projects_and_sectors_the_strongest_first(
    manager, centre, carrier
):
    expert, person, partner, shop = ActorFactory.create_batch(4, centre=centre)
    knows(expert, "Denkmalschutz", note="Fassaden", last_used_on=date(2026, 5, 4))
    office = ActorFactory(centre=centre, name="Bauamt")
    RelationFactory(actor=person, other=office, function="Leiterin Denkmalschutz")
    ParticipantFactory(
        actor=partner,
        project__title="Denkmalschutz am Markt",
        project__centre=centre,
        project__carrier=carrier,
    )
    shop.sectors.add(SectorFactory(name="Denkmalschutz und Restaurierung"))

    assert found("denkmalschutz", manager) == [
        (expert, ["Denkmalschutz · Fassaden · zuletzt genutzt 04.05.2026"]),
        (person, ["Leiterin Denkmalschutz, Bauamt"]),
        (partner, ["Projekt: Denkmalschutz am Markt"]),
        (shop, ["Branche: Denkmalschutz und Restaurierung"]),
    ]


def test_name_and_description_speak_for_an_actor_too(manager, centre):
    group = ActorFactory(centre=centre, name="Arbeitsgruppe Grün")
    nursery = ActorFactory(centre=centre, name="Kühn", description="Plant Dachgrün und pflegt es.")
    ActorFactory(name="Grün von anderswo")

    assert found("grün", manager) == [
        (group, ["Verzeichniseintrag: Arbeitsgruppe Grün"]),
        (nursery, ["Verzeichniseintrag: Plant Dachgrün und pflegt es."]),
    ]


@pytest.mark.parametrize(
    "words", ["Gruenflaechen", "GRÜNFLÄCHEN", "grünfläche", "Grünflachenpflege"]
)
def test_spelling_does_not_matter(manager, centre, words):
    actor = ActorFactory(centre=centre)
    knows(actor, "Grünflächenpflege")

    assert [hit.actor for hit in who_can_help(words, manager)] == [actor]


def test_actors_of_other_centres_and_archived_ones_are_not_named(manager, centre):
    knows(ActorFactory(), "Beleuchtung")
    gone = ActorFactory(centre=centre, archived_at="2026-01-01T00:00Z")
    knows(gone, "Beleuchtung")
    RelationFactory(actor=gone, other=ActorFactory(centre=centre), function="Beleuchtung")

    assert found("Beleuchtung", manager) == []


def test_neither_actors_nor_projects_of_others_are_named_for_any_reason(manager, centre, carrier):
    foreign = CentreFactory()
    RelationFactory(
        actor__centre=foreign, other=ActorFactory(centre=centre), function="Beleuchtung"
    )
    ParticipantFactory(
        actor=ActorFactory(centre=centre),
        project__title="Beleuchtung",
        project__centre=foreign,
        project__carrier=foreign.carrier,
    )
    ParticipantFactory(
        actor=ActorFactory(centre=foreign),
        project__title="Beleuchtung",
        project__centre=centre,
        project__carrier=carrier,
    )
    ActorFactory(centre=foreign).sectors.add(SectorFactory(name="Beleuchtung"))

    assert found("Beleuchtung", manager) == []


@pytest.mark.parametrize("count", [1, 3])
def test_search_needs_the_same_queries_for_any_length(
    client, manager, centre, django_assert_num_queries, count
):
    for _ in range(count):
        knows(ActorFactory(centre=centre), "Licht")

    with django_assert_num_queries(9):
        page = client.get(URL, {"q": "licht"})

    assert len(page.context["hits"]) == count


@pytest.mark.parametrize("words", ["", "   ", "\u200b", "%", "🏛", "x" * 200])
def test_odd_words_find_nobody_and_break_nothing(client, manager, words):
    page = client.get(URL, {"q": words})

    assert (page.status_code, page.context["hits"]) == (200, [])


def test_field_that_is_spelled_alike_is_taken_and_not_doubled(client, manager, centre):
    first, second = ActorFactory.create_batch(2, centre=centre)
    knows(first, "Straßenmöbel")

    client.post(
        reverse("actors:expertise_create", args=[second.pk]),
        {"name": " strassenmoebel ", "note": "Bänke", "source": "Bauamt"},
    )

    assert FieldOfExpertise.objects.get().name == "Straßenmöbel"
    assert second.expertise.get().note == "Bänke"


def test_same_field_twice_is_refused_in_words_and_keeps_the_text(client, manager, centre):
    actor = ActorFactory(centre=centre)
    knows(actor, "Licht")

    page = client.post(
        reverse("actors:expertise_create", args=[actor.pk]), {"name": "Licht", "note": "Strahler"}
    )

    assert "Dieses Fachgebiet ist schon eingetragen." in page.text
    assert 'value="Strahler"' in page.text
    assert actor.expertise.count() == 1


def test_expertise_is_edited_and_removed(client, manager, centre):
    actor = ActorFactory(centre=centre)
    row = knows(actor, "Licht")
    url = reverse("actors:expertise_update", args=[actor.pk, row.pk])

    client.post(url, {"name": "Licht", "last_used_on": "2026-07-01"})
    row.refresh_from_db()
    client.post(reverse("actors:expertise_delete", args=[actor.pk, row.pk]))

    assert row.last_used_on == date(2026, 7, 1)
    assert not actor.expertise.exists()


def test_expertise_of_another_centre_cannot_be_touched(client, manager):
    row = knows(ActorFactory(), "Licht")

    for name in ("expertise_update", "expertise_delete"):
        url = reverse(f"actors:{name}", args=[row.actor_id, row.pk])
        assert client.post(url, {"name": "Dunkel"}).status_code == 404
    assert Expertise.objects.get().field.name == "Licht"
