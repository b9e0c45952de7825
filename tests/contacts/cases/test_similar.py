"""Before a case is adopted as an idea the desk sees what it had before."""

import pytest
from django.urls import reverse

from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


@pytest.fixture
def case(manager, centre):
    return CaseFactory(subject="Trinkbrunnen am Markt", centre=centre, owner=manager)


def url(case, title=None):
    address = reverse("contacts:case_similar", args=[case.pk])
    return address if title is None else f"{address}?adopt-title={title}"


def shown(response):
    return [hit.row.title for hit in response.context["found"]]


def test_the_earlier_state_and_its_reason_are_shown(client, case, centre):
    reason = "Das Wasserwerk baut erst im nächsten Jahr."
    IdeaFactory(title="Ein Trinkbrunnen", centre=centre, state="declined", reason=reason)

    page = client.get(url(case))

    assert shown(page) == ["Ein Trinkbrunnen"]
    assert "abgelehnt" in page.content.decode()
    assert reason in page.content.decode()


def test_the_title_that_is_typed_counts_before_the_subject(client, case, centre):
    IdeaFactory(title="Ein Trinkbrunnen", centre=centre)
    IdeaFactory(title="Bücherschrank", centre=centre)

    assert shown(client.get(url(case, "Bücherschränke"))) == ["Bücherschrank"]
    assert shown(client.get(url(case, ""))) == ["Ein Trinkbrunnen"]


def test_what_the_sender_wrote_helps_a_subject_that_says_little(client, manager, centre):
    case = CaseFactory(subject="Meine Idee", centre=centre, owner=manager)
    MessageFactory(case=case, kind="incoming", text="Ein Trinkbrunnen wäre schön.")
    IdeaFactory(title="Trinkbrunnen", centre=centre)

    assert shown(client.get(url(case))) == ["Trinkbrunnen"]


def test_the_step_loads_it_and_links_to_it(client, case):
    page = client.get(f"{case.get_absolute_url()}?step=adopt").content.decode()

    assert f'hx-get="{url(case)}"' in page
    assert f'href="{url(case)}"' in page
    assert url(case) not in client.get(case.get_absolute_url()).content.decode()


def test_rows_of_another_desk_stay_there(client, case, centre):
    IdeaFactory(title="Trinkbrunnen zwei", centre=centre, carrier=CarrierFactory())
    IdeaFactory(title="Trinkbrunnen drei", centre=CentreFactory(), carrier=centre.carrier)
    ProjectFactory(title="Trinkbrunnen vier", centre=centre, carrier=CarrierFactory())

    assert shown(client.get(url(case))) == []


def test_who_may_not_adopt_is_not_shown_it(client, sign_in, centre):
    desk = sign_in(Role.DESK, centre=centre)
    case = CaseFactory(subject="Trinkbrunnen", centre=centre, owner=desk)

    assert client.get(url(case)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_it_needs_the_same_queries_for_any_number(
    client, case, centre, django_assert_num_queries, count
):
    for number in range(count):
        IdeaFactory(title=f"Trinkbrunnen {number}", centre=centre)
        ProjectFactory(title=f"Trinkbrunnen {number}", centre=centre)

    with django_assert_num_queries(11):
        assert shown(client.get(url(case)))
