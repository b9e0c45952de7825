import pytest
from django.urls import reverse

from projects.pipeline import board
from projects.pipeline.models import Project
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
BOARD, LIST = reverse("projects:project_board"), reverse("projects:project_list")
RED = {"light": "red", "light_sentence": "Der Kran fehlt."}


@pytest.fixture
def centre(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory()).current_mandates[0].centre


def titles(response):
    return {
        column.phase: [card.title for card in column.cards]
        for column, _url in response.context["columns"]
    }


def test_each_phase_is_a_column_with_the_most_worrying_project_on_top(client, centre):
    for title, fields in {"alt": {}, "neu": {}, "rot": RED}.items():
        ProjectFactory(title=title, centre=centre, phase="planning", **fields)
    ProjectFactory(title="fertig", centre=centre, phase="completed")

    page = client.get(BOARD)

    assert titles(page) == {"planning": ["rot", "neu", "alt"], "completed": ["fertig"]}
    assert len(page.context["empty_columns"]) == len(Project.Phase.values) - 2


def test_board_shows_each_role_the_projects_of_the_list(client, sign_in):
    centre = CentreFactory()
    ProjectFactory(title="own", centre=centre)
    ProjectFactory(title="own public", centre=centre, is_public=True)
    ProjectFactory(title="second", centre=centre, carrier=CarrierFactory())
    ProjectFactory(title="other", is_public=True)

    for role in (Role.MANAGER, Role.DEPUTY, Role.DESK, Role.CITY, Role.BODY_MEMBER):
        sign_in(role, centre=centre)
        listed = client.get(LIST).context["object_list"]
        cards = titles(client.get(BOARD)).get("noted", [])
        assert sorted(cards) == sorted(project.title for project in listed) != []


def test_a_full_column_is_cut_and_leads_to_the_list_with_the_same_filter(client, centre):
    number = board.CARDS_SHOWN + 1
    ProjectFactory.create_batch(number, title="Bank", centre=centre, phase="granted")
    ProjectFactory(title="Baum", centre=centre, phase="granted")

    column, url = client.get(BOARD, {"q": "Bank", "sort": "title"}).context["columns"][0]
    found = client.get(url)

    assert (column.count, len(column.cards), column.is_cut) == (number, board.CARDS_SHOWN, True)
    assert found.context["page_obj"].paginator.count == number


def test_filters_narrow_the_board_and_go_along_to_the_list_and_back(client, centre):
    ProjectFactory(title="a", centre=centre, phase="planning", **RED)
    ProjectFactory(title="b", centre=centre, phase="completed")

    red = client.get(BOARD, {"light": "red", "page": "3"})
    running = client.get(BOARD, {"phase": "running"})
    wrong = client.get(BOARD, {"phase": "nonsense", "field": "9" * 40})
    nothing = client.get(BOARD, {"q": "Zaunkönig"})

    assert titles(red) == titles(running) == {"planning": ["a"]}
    assert titles(wrong) == {"planning": ["a"], "completed": ["b"]}
    assert (titles(nothing), nothing.status_code) == ({}, 200)
    views = [(view["url"], view["is_current"]) for view in red.context["views"]]
    assert views == [(f"{LIST}?light=red", False), (f"{BOARD}?light=red", True)]
    assert f"{BOARD}?light=red" in client.get(LIST, {"light": "red"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_board_needs_the_same_queries_for_any_number(
    client, centre, django_assert_num_queries, count
):
    for phase in Project.Phase.values:
        for _ in range(count):
            reason = {"phase_reason": "Geld"}
            MilestoneFactory(project=ProjectFactory(centre=centre, phase=phase, **reason))
    client.get(BOARD)

    with django_assert_num_queries(10):
        page = client.get(BOARD)

    assert sum(len(cards) for cards in titles(page).values()) == count * len(Project.Phase.values)
