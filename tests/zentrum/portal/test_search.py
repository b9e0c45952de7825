import pytest
from django.urls import reverse

from tests.factories.actors import ActorFactory, AddressFactory
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import CentreFactory
from tests.factories.premises import OccupancyFactory, UnitFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.portal import searching

pytestmark = pytest.mark.django_db


def search(client, words):
    return client.get(reverse("portal:search"), {"q": words})


def rows(response):
    return [row for hits in response.context["found"] for row in hits.rows]


@pytest.fixture
def centre():
    return CentreFactory()


def one_of_each(centre):
    return [
        CaseFactory(centre=centre, subject="Straßenlaterne"),
        ConsultationFactory(case=CaseFactory(centre=centre), subject="Laternen im Winter"),
        ActorFactory(centre=centre, name="Laternen-Müller"),
        UnitFactory(centre=centre, street="Laternengasse"),
        IdeaFactory(centre=centre, title="Mehr Laternen"),
        ProjectFactory(centre=centre, title="Neue Laternen"),
    ]


def test_search_finds_each_kind(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    expected = one_of_each(centre)

    assert rows(search(client, "laterne")) == expected


def test_search_of_the_city_shows_no_case_and_no_actor(client, sign_in, centre):
    sign_in(Role.CITY, centre=centre)
    *_closed, idea, project = one_of_each(centre)

    assert rows(search(client, "laterne")) == [idea, project]


def test_search_stops_at_the_own_centre_and_carrier(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    one_of_each(CentreFactory())

    assert rows(search(client, "laterne")) == []


@pytest.mark.parametrize("typed", ["V-2026-0142", "v-2026-0142", " V 2026 142 ", "v2026142"])
def test_reference_opens_its_page(client, sign_in, centre, typed):
    sign_in(Role.MANAGER, centre=centre)
    case = CaseFactory(centre=centre, reference="V-2026-0142")

    assert search(client, typed).url == case.get_absolute_url()


def test_reference_of_somebody_elses_case_is_as_unknown_as_none(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    CaseFactory(reference="V-2026-0142")

    found, unknown = search(client, "V-2026-0142"), search(client, "V-2026-0143")

    assert (found.status_code, rows(found)) == (200, [])
    assert found.text.replace("0142", "0143").count("V-2026") == unknown.text.count("V-2026")


def test_reference_of_a_case_opens_nothing_for_the_city(client, sign_in, centre):
    sign_in(Role.CITY, centre=centre)
    CaseFactory(centre=centre, reference="V-2026-0142")

    assert rows(search(client, "V-2026-0142")) == []


def test_long_list_of_hits_leads_to_the_whole_list(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    for _ in range(searching.SHOWN + 1):
        IdeaFactory(centre=centre, title="Laterne")

    hits = search(client, "laterne & mehr").context["found"]
    assert hits == []
    (hits,) = search(client, "laterne").context["found"]

    assert len(hits.rows) == searching.SHOWN
    assert hits.more_url == reverse("projects:idea_list") + "?q=laterne"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "ab",
        "a b c",
        "%",
        "x" * 5000,
        "😀😀😀😀",
        "\u202ecba\u202c",
        "'; DROP TABLE",
        "<b>",
    ],
)
def test_odd_words_are_answered(client, sign_in, centre, words):
    sign_in(Role.MANAGER, centre=centre)

    response = search(client, words)

    assert (response.status_code, rows(response)) == (200, [])


@pytest.mark.parametrize("count", [1, 3])
def test_search_needs_the_same_queries_for_any_number(
    client, sign_in, centre, count, django_assert_num_queries
):
    user = sign_in(Role.MANAGER, centre=centre)
    for _ in range(count):
        one_of_each(centre)

    with django_assert_num_queries(11):
        found = searching.search("laterne", user)

    assert [len(hits.rows) for hits in found.parts] == [count] * 6


def hits(response):
    return [hit for part in response.context["found"] for hit in part.hits]


def test_passage_of_a_message_is_shown_with_the_word_marked(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    case = CaseFactory(centre=centre, subject="Abends ist es dunkel")
    MessageFactory(case=case, text="Frau <Mueller> sagt: die Lampe geht nicht.")

    response = search(client, "müller")

    (hit,) = hits(response)
    assert hit.passage == "Frau &lt;<mark>Mueller</mark>&gt; sagt: die Lampe geht nicht."
    assert hit.passage in response.text


def test_passages_come_from_address_shop_and_wording(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    AddressFactory(actor__centre=centre, street="Kastanienallee 3")
    OccupancyFactory(unit__centre=centre, shown_name="Kastanienröster")
    IdeaFactory(centre=centre, title="Bank", text="Unter der Kastanie")

    passages = [str(hit.passage) for hit in hits(search(client, "kastanie"))]

    assert len(passages) == 3
    assert all("<mark>Kastanie</mark>" in passage for passage in passages)


def test_city_reads_no_passage_of_an_internal_text(client, sign_in, centre):
    sign_in(Role.CITY, centre=centre)
    IdeaFactory(centre=centre, title="Kastanie am Platz", text="Kastanie geheim", public_text="")

    (hit,) = hits(search(client, "kastanie"))

    assert hit.passage == ""


@pytest.mark.parametrize(
    ("typed", "name"), [("Bäckrei", "Bäckerei Korn"), ("latrene", "Laterne"), ("Muler", "Müller")]
)
def test_mistyped_word_finds_what_is_meant(client, sign_in, centre, typed, name):
    sign_in(Role.MANAGER, centre=centre)
    actor = ActorFactory(centre=centre, name=name)
    ActorFactory(name=name)  # of another centre

    response = search(client, typed)

    assert rows(response) == [actor]
    assert response.context["is_guess"]
    assert "<mark>" in response.text


def test_guess_is_made_only_where_nothing_is_spelled_so(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    ActorFactory(centre=centre, name="Laterne")
    case = CaseFactory(centre=centre, subject="Latrene am Markt")

    response = search(client, "latrene")

    assert rows(response) == [case]
    assert not response.context["is_guess"]


def test_guess_reads_no_internal_text(client, sign_in, centre):
    sign_in(Role.CITY, centre=centre)
    IdeaFactory(centre=centre, title="Bank", text="Laterne", place="")

    assert rows(search(client, "latrene")) == []
