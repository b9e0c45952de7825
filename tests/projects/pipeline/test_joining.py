"""An accepted idea goes on in a project that is running already."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from projects.models import Idea, IdeaFollower, Project
from projects.pipeline import following, noting, services
from tests.concurrency import run_at_once
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory, IdeaFollowerFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def idea(centre):
    return IdeaFactory(centre=centre, state=Idea.State.ACCEPTED)


@pytest.fixture
def project(centre):
    return ProjectFactory(centre=centre, phase=Project.Phase.PLANNING)


def address(idea):
    return reverse("projects:idea_join", args=[idea.pk])


def test_followers_of_the_idea_get_one_mail_and_follow_the_project(idea, project):
    IdeaFollowerFactory(idea=idea, email="anna@example.org")
    IdeaFollowerFactory(idea=idea, email="ann@example.org", language="en")

    services.join_project(project, idea, by=UserFactory())

    assert (idea.state, idea.version) == ("project_started", 1)
    assert list(project.origins.all()) == [idea]
    german, english = OutgoingMail.objects.order_by("-to")
    assert (german.to, english.to) == ("anna@example.org", "ann@example.org")
    assert project.reference in german.text
    assert english.subject == f"Your idea {idea.reference}: project started"
    assert "goes on in a project that is already running" in english.text
    assert [f.email for f in noting.recipients(project)] == ["anna@example.org", "ann@example.org"]


@pytest.mark.parametrize("state", ["received", "in_consultation", "project_started", "declined"])
def test_an_idea_that_is_not_accepted_joins_nothing(centre, project, state):
    idea = IdeaFactory(centre=centre, state=state, reason="Grund")

    with pytest.raises(ValidationError) as refusal:
        services.join_project(project, idea, by=UserFactory())

    assert refusal.value.code == "step"
    assert list(project.origins.all()) == []


@pytest.mark.parametrize("phase", Project.ENDED_PHASES)
def test_a_project_that_has_ended_takes_no_idea(idea, centre, phase):
    project = ProjectFactory(centre=centre, phase=phase, phase_reason="Grund")
    stale = Project.objects.get(pk=project.pk)
    stale.phase = Project.Phase.PLANNING  # as somebody saw it a moment ago

    with pytest.raises(ValidationError):
        services.join_project(stale, idea, by=UserFactory())

    idea.refresh_from_db()
    assert idea.state == "accepted"


@pytest.mark.parametrize("other", ["centre", "carrier"])
def test_a_project_of_another_desk_takes_no_idea(idea, centre, other):
    foreign = {"centre": CentreFactory(carrier=centre.carrier)}
    foreign = foreign if other == "centre" else {"centre": centre, "carrier": CarrierFactory()}

    with pytest.raises(ValidationError):
        services.join_project(ProjectFactory(**foreign), idea, by=UserFactory())

    assert OutgoingMail.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_idea_that_joins_four_projects_at_once_joins_one(idea, centre):
    IdeaFollowerFactory(idea=idea)
    projects, by = ProjectFactory.create_batch(4, centre=centre), UserFactory()
    left = iter(projects)

    results = run_at_once(lambda: services.join_project(next(left), idea, by=by))

    refusals = [result for result in results if isinstance(result, ValidationError)]
    assert [refusal.code for refusal in refusals] == ["step"] * 3
    assert idea.projects.count() == 1
    assert OutgoingMail.objects.count() == 1


# --- the page -----------------------------------------------------------------------------------


def test_manager_takes_the_idea_into_a_running_project(client, sign_in, idea, project, centre):
    ended = ProjectFactory(centre=centre, phase=Project.Phase.COMPLETED)
    elsewhere = ProjectFactory(centre=CentreFactory(carrier=centre.carrier))
    sign_in(Role.MANAGER, carrier=centre.carrier, centre=None)
    assert address(idea) in client.get(idea.get_absolute_url()).content.decode()

    offered = client.get(address(idea)).context["form"].fields["project"].queryset
    assert list(offered) == [project]
    for wrong in ("", "abc", "9" * 40, ended.pk, elsewhere.pk, "\0"):
        assert client.post(address(idea), {"project": wrong}).context["form"].errors
    response = client.post(address(idea), {"project": project.pk})

    assert response.url == project.get_absolute_url()
    assert list(project.origins.all()) == [idea]
    again = client.post(address(idea), {"project": project.pk})
    assert again.context["form"].errors
    assert client.get(address(idea)).url == idea.get_absolute_url()


def test_without_a_running_project_the_page_says_what_to_do(client, sign_in, idea, centre):
    sign_in(Role.MANAGER, centre=centre)

    response = client.get(address(idea))

    assert response.context["has_projects"] is False
    assert "<select" not in response.content.decode()


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_joining_is_for_manager_and_deputy(client, sign_in, idea, centre, role):
    sign_in(role, centre=centre)

    assert client.post(address(idea)).status_code == 403


def test_a_foreign_idea_is_not_found(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)

    assert client.get(address(IdeaFactory(state="accepted"))).status_code == 404


def test_stopping_ends_the_mails_about_ideas_of_the_same_project_only():
    first, second, apart = IdeaFactory(), IdeaFactory(), IdeaFactory()
    ProjectFactory().origins.set([first, second])
    rows = [
        IdeaFollowerFactory(idea=idea, email=email)
        for idea, email in [
            (first, "frau@example.org"),
            (second, "Frau@example.org"),
            (apart, "frau@example.org"),
            (second, "anna@example.org"),
        ]
    ]

    following.end(rows[0])

    stopped = IdeaFollower.objects.exclude(stopped_at=None).order_by("pk")
    assert list(stopped) == rows[:2]
