from datetime import UTC, datetime, time

import pytest
import time_machine
from django.templatetags.static import static
from django.urls import reverse

from projects.models import Idea, Project
from tests.factories.office import CentreFactory, OfficeHoursFactory, TownFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, 12:00 in Berlin


def start(client):
    return client.get(reverse("portal:start"), headers={"accept-language": "en"})


def release(**fields):
    return IdeaFactory(public_text="Bänke", released_at=NOON, author_confirmed_at=NOON, **fields)


def test_start_page_shows_what_is_public_and_running(client):
    shown = ProjectFactory(is_public=True, phase=Project.Phase.PLANNING)
    ProjectFactory(is_public=True, phase=Project.Phase.SETTLED)
    ProjectFactory(is_public=False)
    idea = release()
    IdeaFactory(state=Idea.State.RECEIVED)

    context = start(client).context

    assert list(context["projects"]) == [shown]
    assert list(context["ideas"]) == [idea]


def test_start_page_leads_to_the_idea_form(client):
    assert f'href="{reverse("contacts:idea_submit")}"' in start(client).text


@pytest.mark.parametrize(("closes", "words"), [(time(13), "Open now"), (time(11), "Closed now")])
def test_start_page_says_whether_the_office_is_open(client, closes, words):
    OfficeHoursFactory(weekday=0, opens_at=time(9), closes_at=closes)

    with time_machine.travel(NOON):
        page = start(client).text

    assert [sign in page for sign in ("Open now", "Closed now")] == [
        words == "Open now",
        words == "Closed now",
    ]


def test_start_page_of_an_empty_portal_says_what_to_do(client):
    page = start(client)

    assert page.status_code == 200
    assert "Yours could be the first." in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_start_page_needs_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    centre = CentreFactory()
    for _ in range(count):
        MilestoneFactory(project=ProjectFactory(centre=centre, is_public=True))
        release(centre=centre)

    with django_assert_num_queries(7):
        start(client)


@pytest.mark.parametrize(
    ("role", "url_name"),
    [
        (Role.MANAGER, "contacts:today"),
        (Role.DEPUTY, "contacts:today"),
        (Role.DESK, "contacts:today"),
        (Role.CITY, "portal:dashboard"),
        (Role.BODY_MEMBER, "projects:idea_list"),
        (Role.TECHNICAL, "accounts:user_list"),
    ],
)
def test_door_opens_to_the_first_page_of_the_role(client, sign_in, role, url_name):
    sign_in(role)

    assert client.get(reverse("portal:door")).url == reverse(url_name)


@pytest.mark.parametrize("name", ["imprint", "privacy", "accessibility"])
def test_legal_page_has_a_text_from_the_first_day(client, name):
    town = TownFactory(email="zentrum@example.org")
    draft = client.get(reverse(f"portal:{name}")).text
    assert "zentrum@example.org" in draft

    setattr(town, name, "Unser Text\n\n<b>fett</b> https://example.org")
    town.save()
    own = client.get(reverse(f"portal:{name}")).text

    assert "Unser Text" in own
    assert "&lt;b&gt;fett&lt;/b&gt;" in own
    assert '<a href="https://example.org"' in own


def test_browser_that_asks_for_an_icon_unasked_gets_the_sign(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (302, static("img/zentrum.svg"))


def test_robots_are_kept_from_personal_addresses(client):
    assert "Disallow: /status/" in client.get("/robots.txt").text
