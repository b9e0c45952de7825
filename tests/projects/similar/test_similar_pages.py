"""Similar ideas on the staff's pages."""

import pytest
from django.urls import reverse

from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory()


def similar(client, idea):
    page = client.get(reverse("projects:idea_similar", args=[idea.pk]))
    return [str(hit.row.title) for hit in page.context["found"]]


def test_the_office_sees_what_it_had_before_with_state_and_reason(client, sign_in, centre):
    sign_in(Role.DESK, centre=centre)
    new = IdeaFactory(title="Trinkbrunnen am Markt", centre=centre)
    reason = "Das Wasserwerk baut erst im nächsten Jahr."
    IdeaFactory(title="Ein Trinkbrunnen", centre=centre, state="declined", reason=reason)
    ProjectFactory(
        title="Trinkbrunnen bauen", centre=centre, phase="paused", phase_reason="Kein Geld."
    )

    page = client.get(reverse("projects:idea_similar", args=[new.pk])).content.decode()

    for words in ("Ein Trinkbrunnen", "abgelehnt", reason, "Trinkbrunnen bauen", "Kein Geld."):
        assert words in page
    assert (
        reverse("projects:idea_similar", args=[new.pk])
        in client.get(new.get_absolute_url()).content.decode()
    )


def test_an_idea_is_not_similar_to_itself_nor_to_what_grew_from_it(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    idea = IdeaFactory(title="Trinkbrunnen", centre=centre)
    IdeaFactory(
        title="Trinkbrunnen!", centre=centre, state="merged", reason="Eins", merged_into=idea
    )
    ProjectFactory(title="Trinkbrunnen bauen", centre=centre).origins.add(idea)

    assert similar(client, idea) == []


def test_nobody_finds_ideas_of_another_desk(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    idea = IdeaFactory(title="Trinkbrunnen", centre=centre)
    second = CarrierFactory()
    IdeaFactory(title="Trinkbrunnen zwei", centre=centre, carrier=second)
    IdeaFactory(title="Trinkbrunnen drei", centre=CentreFactory(), carrier=centre.carrier)
    ProjectFactory(title="Trinkbrunnen vier", centre=centre, carrier=second)

    assert similar(client, idea) == []


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER])
def test_only_the_office_searches_in_internal_texts(client, sign_in, centre, role):
    sign_in(role, centre=centre)
    idea = IdeaFactory(title="Trinkbrunnen", centre=centre, state="in_consultation")
    url = reverse("projects:idea_similar", args=[idea.pk])

    assert client.get(url).status_code == 404
    assert url not in client.get(idea.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number(
    client, sign_in, centre, django_assert_num_queries, count
):
    sign_in(Role.MANAGER, centre=centre)
    idea = IdeaFactory(title="Trinkbrunnen", centre=centre)
    for number in range(count):
        IdeaFactory(title=f"Trinkbrunnen {number}", centre=centre)
        ProjectFactory(title=f"Trinkbrunnen {number}", centre=centre)

    with django_assert_num_queries(10):
        assert similar(client, idea)
