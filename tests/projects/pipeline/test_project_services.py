from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from projects.models import FieldOfAction, Idea, ProgressNote, Project
from projects.pipeline import services
from tests.concurrency import run_at_once
from tests.factories.office import UserFactory
from tests.factories.projects import (
    IdeaFactory,
    IdeaFollowerFactory,
    ProjectFactory,
    ProjectFollowerFactory,
)
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def start(ideas, by=None, **fields):
    return services.start_project(
        ideas,
        **{
            "by": by or UserFactory(),
            "title": "Bänke",
            "summary": "Bänke für den Platz",
            "field_of_action": FieldOfAction.objects.get_or_create(name="Platz")[0],
            "starts_on": date(2026, 12, 1),
            **fields,
        },
    )


def test_start_project_takes_the_ideas_along():
    first = IdeaFactory(state=Idea.State.ACCEPTED)
    second = IdeaFactory(state=Idea.State.ACCEPTED, centre=first.centre)
    IdeaFollowerFactory(idea=second, email="frau@example.org", is_author=True)
    by = UserFactory()

    project = start([first, second], by=by)

    assert project.reference.startswith("P-")
    assert (project.centre, project.carrier, project.lead) == (first.centre, first.carrier, by)
    assert list(project.origins.order_by("pk")) == [first, second]
    assert {idea.state for idea in Idea.objects.all()} == {"project_started"}
    mail = OutgoingMail.objects.get()
    assert mail.to == "frau@example.org"
    assert project.reference in mail.text


def test_start_project_needs_no_idea():
    centre = IdeaFactory().centre

    project = start([], centre=centre, carrier=centre.carrier)

    assert list(project.origins.all()) == []


@pytest.mark.parametrize("state", ["received", "in_review", "project_started", "settled"])
def test_start_project_refuses_an_idea_that_is_not_accepted(state):
    accepted = IdeaFactory(state=Idea.State.ACCEPTED)
    other = IdeaFactory(state=state, centre=accepted.centre)

    with pytest.raises(ValidationError) as refusal:
        start([accepted, other])

    assert refusal.value.code == "step"
    assert list(Project.objects.all()) == []
    accepted.refresh_from_db()
    assert accepted.state == "accepted"


def test_start_project_refuses_ideas_of_different_desks():
    ideas = [IdeaFactory(state="accepted"), IdeaFactory(state="accepted")]

    with pytest.raises(ValidationError) as refusal:
        start(ideas)

    assert refusal.value.code == "desks"


@pytest.mark.django_db(transaction=True)
def test_the_same_idea_started_four_times_at_once_makes_one_project():
    idea = IdeaFactory(state=Idea.State.ACCEPTED)
    by = UserFactory()
    field = FieldOfAction.objects.get_or_create(name="Platz")[0]
    titles = iter("abcd")

    results = run_at_once(lambda: start([idea], by=by, field_of_action=field, title=next(titles)))

    assert Project.objects.count() == 1
    refusals = [result for result in results if isinstance(result, ValidationError)]
    assert [refusal.code for refusal in refusals] == ["step"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_one_project():
    centre = IdeaFactory().centre
    by = UserFactory()
    field = FieldOfAction.objects.get_or_create(name="Platz")[0]

    results = run_at_once(
        lambda: start([], by=by, field_of_action=field, centre=centre, carrier=centre.carrier)
    )

    assert Project.objects.count() == 1
    refusals = [result for result in results if isinstance(result, ValidationError)]
    assert [refusal.code for refusal in refusals] == ["twin"] * 3


@pytest.mark.django_db(transaction=True)
def test_two_people_saving_the_same_version_do_not_overwrite_each_other():
    project = ProjectFactory()
    by = UserFactory()
    titles = iter("abcd")

    def save():
        title = next(titles)
        services.edit_project(Project.objects.get(pk=project.pk), by=by, version=0, title=title)

    results = run_at_once(save)

    assert sorted(getattr(result, "code", "") for result in results) == ["", *["stale"] * 3]
    project.refresh_from_db()
    assert project.version == 1


ALLOWED = [(now, to) for now, steps in Project.STEPS.items() for to in steps]


@pytest.mark.parametrize(
    ("now", "to"),
    [
        (now, to)
        for now in Project.Phase.values
        for to in Project.Phase.values
        if (now, to) not in ALLOWED
    ],
)
def test_move_project_refuses_a_step_that_is_not_in_the_list(now, to):
    project = ProjectFactory(phase=now, phase_reason="Grund")

    with pytest.raises(ValidationError) as refusal:
        services.move_project(project, to=to, by=UserFactory(), reason="Grund")

    assert refusal.value.code == "step"


def test_move_project_goes_the_whole_road():
    project = ProjectFactory()

    for phase in Project.ROAD[1:]:
        services.move_project(project, to=phase, by=UserFactory())

    assert (project.phase, project.version) == ("settled", 8)


@pytest.mark.parametrize("to", ["paused", "cancelled"])
def test_a_project_stops_with_a_reason_only(to):
    project = ProjectFactory()

    with pytest.raises(ValidationError):
        services.move_project(project, to=to, by=UserFactory())
    services.move_project(project, to=to, by=UserFactory(), reason="Kein Geld")

    assert (project.phase, project.phase_reason) == (to, "Kein Geld")


def test_a_phase_that_everybody_sees_has_its_sentence_and_reaches_who_follows():
    project = ProjectFactory(is_public=True)
    ProjectFollowerFactory(project=project, email="frau@example.org")

    with pytest.raises(ValidationError) as refusal:
        services.move_project(project, to="tendering", by=UserFactory(), reason=" ")
    assert list(refusal.value.error_dict) == ["reason"]
    services.move_project(project, to="tendering", by=UserFactory(), reason="Angebote bis Mai.")

    mail = OutgoingMail.objects.get()
    assert mail.to == "frau@example.org"
    assert "Stand des Projekts: Vergabe." in mail.text
    assert "Angebote bis Mai." in mail.text


def test_red_light_needs_a_sentence():
    project = ProjectFactory()

    with pytest.raises(ValidationError):
        services.edit_project(project, by=UserFactory(), light="red", light_sentence="")

    assert Project.objects.get().light == "green"


def followed_project():
    project = ProjectFactory(is_public=True)
    first = IdeaFactory(author_confirmed_at=NOW)
    second, unconfirmed = IdeaFactory(author_confirmed_at=NOW), IdeaFactory()
    project.origins.set([first, second, unconfirmed])
    IdeaFollowerFactory(idea=first, email="frau@example.org", is_author=True)
    IdeaFollowerFactory(idea=second, email="Frau@example.org", is_author=True)
    IdeaFollowerFactory(idea=second, email="anna@example.org")
    IdeaFollowerFactory(idea=second, email="aus@example.org", stopped_at=NOW)
    IdeaFollowerFactory(idea=unconfirmed, email="fremd@example.org", is_author=True)
    return project


def test_progress_note_reaches_each_follower_once():
    project = followed_project()

    services.publish_note(project, author=UserFactory(), text="Die Bänke stehen.")

    mails = OutgoingMail.objects.order_by("to")
    assert [mail.to for mail in mails] == ["anna@example.org", "frau@example.org"]
    assert all("Die Bänke stehen." in mail.text for mail in mails)
    assert all(mail.unsubscribe_url.count("/abbestellen/") == 1 for mail in mails)


def test_progress_note_is_framed_in_the_followers_language():
    project = ProjectFactory(title="Platz")
    project.origins.add(IdeaFollowerFactory(email="ann@example.org", language="en").idea)
    project.origins.add(IdeaFollowerFactory(email="otto@example.org").idea)

    services.publish_note(project, author=UserFactory(), text="Die Bänke stehen.")

    english, german = OutgoingMail.objects.order_by("to")
    assert english.subject == "News of the project “Platz”"
    assert ("there is news" in english.text, "there is news" in german.text) == (True, False)


def test_internal_note_is_mailed_to_nobody():
    services.publish_note(followed_project(), author=UserFactory(), text="Intern", is_public=False)

    assert list(OutgoingMail.objects.all()) == []


def test_empty_note_is_refused():
    with pytest.raises(ValidationError):
        services.publish_note(ProjectFactory(), author=UserFactory(), text="  ")

    assert list(ProgressNote.objects.all()) == []


@pytest.mark.django_db(transaction=True)
def test_a_double_click_publishes_one_note_and_one_mail():
    project = followed_project()
    author = UserFactory()

    results = run_at_once(
        lambda: services.publish_note(project, author=author, text="Die Bänke stehen.").pk
    )

    assert len(set(results)) == 1
    assert ProgressNote.objects.count() == 1
    assert OutgoingMail.objects.count() == 2
