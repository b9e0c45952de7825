"""The plan of a project: its steps, what they wait for, who answers for them."""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from contacts.followups.digest import sections_for
from projects.models import Dependency, Milestone, Project
from projects.pipeline import planning, services
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from tests.factories.projects import MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)
FIELDS = {"title": "Guss", "planned_on": "2027-01-10"}


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


@pytest.fixture
def project(manager):
    return ProjectFactory(centre=manager.current_mandates[0].centre, lead=manager)


def after(milestone):
    return sorted(milestone.waits_for.values_list("earlier__title", flat=True))


# --- order --------------------------------------------------------------------------------------


def test_a_step_is_entered_with_what_it_comes_after_and_changed(client, project):
    first, second = (MilestoneFactory(project=project, title=title) for title in "ab")

    client.post(url("milestone_create", project), FIELDS | {"after": [first.pk, second.pk]})
    step = Milestone.objects.get(title="Guss")
    assert after(step) == ["a", "b"]
    form = client.get(url("milestone_update", project, step.pk)).context["form"]
    assert sorted(form.initial["after"]) == [first.pk, second.pk]
    client.post(url("milestone_update", project, step.pk), FIELDS | {"after": [second.pk]})

    assert after(step) == ["b"]


def test_steps_that_would_wait_for_each_other_are_refused_in_words(client, project):
    first, second, third = (MilestoneFactory(project=project, title=title) for title in "abc")
    services.save_milestone(second, after=[first], by=project.lead)
    services.save_milestone(third, after=[second], by=project.lead)

    address = url("milestone_update", project, first.pk)
    page = client.post(address, {"title": "a2", "planned_on": "2027-01-10", "after": [third.pk]})

    assert page.status_code == 200
    assert "„c“ wartet selbst auf diesen Schritt" in page.content.decode()
    first.refresh_from_db()
    assert (first.title, after(first)) == ("a", [])


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_close_a_circle_together(monkeypatch):
    project = ProjectFactory()
    one, other = MilestoneFactory.create_batch(2, project=project)
    pairs = [(one.pk, other.pk), (other.pk, one.pk)]
    meet_before(monkeypatch, planning, "leads_back")

    def link():
        later, earlier = pairs.pop()
        step = Milestone.objects.get(pk=later)
        services.save_milestone(step, after=[Milestone(pk=earlier)], by=project.lead)

    results = run_at_once(link, times=2)

    assert [type(result) for result in results if result] == [ValidationError]
    assert Dependency.objects.count() == 1


def test_database_refuses_a_step_after_itself_twice_and_of_another_project():
    one = MilestoneFactory()
    other, foreign = MilestoneFactory(project=one.project), MilestoneFactory()
    Dependency.objects.create(later=one, earlier=other)

    for later, earlier in ((one, one), (one, other), (one, foreign), (foreign, one)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dependency.objects.create(later=later, earlier=earlier)


def test_steps_of_another_project_cannot_be_chosen(client, project):
    MilestoneFactory(project=project)
    foreign = MilestoneFactory()

    page = client.post(url("milestone_create", project), FIELDS | {"after": [foreign.pk]})

    assert list(page.context["form"].errors) == ["after"]


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"planned_on": "2026-03-01"}, "planned_on"),
        ({"starts_on": "2026-03-01"}, "starts_on"),
        ({"starts_on": "2027-01-11"}, "__all__"),
        ({"starts_on": "gestern"}, "starts_on"),
    ],
)
def test_days_that_cannot_be_are_refused(client, project, fields, wrong):
    page = client.post(url("milestone_create", project), FIELDS | fields)

    assert list(page.context["form"].errors) == [wrong]
    assert not Milestone.objects.exists()


def test_database_keeps_steps_within_their_project():
    step = MilestoneFactory(project=ProjectFactory(starts_on=START), planned_on=START)

    for change in ({"planned_on": START - timedelta(1)}, {"starts_on": START - timedelta(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Milestone.objects.filter(pk=step.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            MilestoneFactory(project=step.project, **change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(starts_on=START + timedelta(1))
    Project.objects.update(starts_on=START - timedelta(1))


class Written:
    @staticmethod
    def and_not_yet_committed():
        """Where two writers meet, unless one has to wait for the other."""


@pytest.mark.django_db(transaction=True)
def test_start_and_first_step_cannot_cross_each_other(monkeypatch):
    project = ProjectFactory(starts_on=START)
    step = MilestoneFactory(project=project, planned_on=START + timedelta(20))
    acts = [
        lambda: Milestone.objects.filter(pk=step.pk).update(planned_on=START + timedelta(1)),
        lambda: Project.objects.filter(pk=project.pk).update(starts_on=START + timedelta(10)),
    ]

    meet_before(monkeypatch, Written, "and_not_yet_committed")

    def act():
        with transaction.atomic():
            rows = acts.pop()()
            Written.and_not_yet_committed()
            return rows

    results = run_at_once(act, times=2)

    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "int"]


def test_a_project_cannot_be_moved_behind_its_first_step(client, project, manager):
    MilestoneFactory(project=project, title="Guss", planned_on=date(2026, 6, 1))

    with pytest.raises(ValidationError, match="Guss"):
        services.edit_project(project, by=manager, starts_on=date(2026, 6, 2))
    services.edit_project(project, by=manager, starts_on=date(2026, 6, 1))

    assert Project.objects.get().starts_on == date(2026, 6, 1)


def test_a_step_from_before_the_rule_can_still_be_reached(client, project):
    step = MilestoneFactory(project=project, planned_on=date(2026, 3, 2))
    with pgtrigger.ignore("projects.Project:starts_before_its_steps"):
        Project.objects.update(starts_on=date(2026, 4, 1))

    client.post(url("milestone_reach", project, step.pk))
    fields = {"title": "Beton", "planned_on": "2026-03-02", "reached_on": "2026-03-03"}
    client.post(url("milestone_update", project, step.pk), fields)

    step.refresh_from_db()
    assert (step.title, step.reached_on) == ("Beton", date(2026, 3, 3))


# --- who answers --------------------------------------------------------------------------------


def test_a_colleague_or_an_actor_answers_for_a_step_but_not_both(client, project, manager):
    place = {"carrier": project.carrier, "centre": project.centre}
    colleague = MandateFactory(role=Role.DESK, **place).user
    shop = ActorFactory(name="Laden", centre=project.centre)
    both = {"person": colleague.pk, "actor": "Laden", "actor_id": shop.pk}

    refused = client.post(url("milestone_create", project), FIELDS | both)
    client.post(url("milestone_create", project), FIELDS | {"person": colleague.pk})
    other = FIELDS | {"title": "Bau", "actor": "Laden"}
    client.post(url("milestone_create", project), other)

    assert list(refused.context["form"].errors) == ["__all__"]
    chosen = Milestone.objects.order_by("pk").values_list("title", "person", "actor")
    assert list(chosen) == [("Guss", colleague.pk, None), ("Bau", None, shop.pk)]
    page = client.get(project.get_absolute_url()).content.decode()
    assert colleague.name in page
    assert shop.get_absolute_url() in page


def test_somebody_of_another_desk_cannot_answer_for_a_step(client, project):
    stranger = MandateFactory(role=Role.DESK).user

    page = client.post(url("milestone_create", project), FIELDS | {"person": stranger.pk})

    assert list(page.context["form"].errors) == ["person"]


def test_digest_names_a_step_to_whoever_answers_for_it(project, manager):
    place = {"carrier": project.carrier, "centre": project.centre}
    colleague = MandateFactory(role=Role.DESK, **place).user
    today = timezone.localdate()
    MilestoneFactory(project=project, title="ihrer", person=colleague, planned_on=today)
    MilestoneFactory(project=project, title="meiner", planned_on=today)

    def due(person):
        found = sections_for(person, timezone.now())
        return [row.title for section in found for row in section.rows]

    assert (due(colleague), due(manager)) == (["ihrer"], ["meiner"])


# --- nobody responsible -------------------------------------------------------------------------


def leave(user):
    user.mandates.update(ends_on=timezone.localdate() - timedelta(1))


@pytest.mark.parametrize("gone", ["mandate", "account", "desk"])
def test_a_project_whose_lead_left_is_shown_and_reaches_the_desk(client, manager, gone):
    place = {"carrier": manager.current_mandates[0].carrier}
    centre = manager.current_mandates[0].centre
    lead = MandateFactory(role=Role.DEPUTY, centre=centre, **place).user
    project = ProjectFactory(centre=centre, lead=lead)
    pages = [reverse("projects:project_list"), reverse("projects:project_board")]
    pages.append(project.get_absolute_url())

    def shown():
        words = ("nicht mehr im Büro", "Niemand leitet es")
        return [any(word in client.get(page).content.decode() for word in words) for page in pages]

    before, quiet = shown(), sections_for(manager, timezone.now())
    if gone == "mandate":
        leave(lead)
    elif gone == "account":
        lead.is_active = False
        lead.save()
    else:
        lead.mandates.update(centre=CentreFactory())

    assert (before, quiet) == ([False] * 3, [])
    assert shown() == [True] * 3
    found = sections_for(manager, timezone.now())
    assert [(section.title, section.rows) for section in found] == [
        ("Projekte ohne Leitung", [project])
    ]


def test_an_ended_project_needs_no_lead(client, manager):
    centre = manager.current_mandates[0].centre
    ProjectFactory(centre=centre, lead=UserFactory(), phase="settled")

    assert sections_for(manager, timezone.now()) == []
    assert "nicht mehr im Büro" not in client.get(reverse("projects:project_list")).text


# --- picture ------------------------------------------------------------------------------------


def test_timeline_shows_delay_and_the_same_as_a_table(client, project):
    today = timezone.localdate()
    late = MilestoneFactory(project=project, title="Vergabe", planned_on=today - timedelta(22))
    build = MilestoneFactory(project=project, title="Bau", planned_on=today)
    MilestoneFactory(project=project, title="Plan", planned_on=START, reached_on=START)
    services.save_milestone(build, after=[late], by=project.lead)

    page = client.get(url("project_timeline", project))

    text = page.content.decode()
    assert "Erreicht: 1 von 3 Schritten." in text
    assert "„Vergabe“ ist am weitesten im Rückstand: 22 Tage." in text
    assert "22 Tage später als geplant" in text
    assert page.context["timeline"].today
    assert "style=" not in text.split("<main", 1)[1]


def test_timeline_of_a_project_without_steps_says_what_to_do(client, project):
    page = client.get(url("project_timeline", project))

    assert page.context["timeline"] is None
    assert url("milestone_create", project) in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_timeline_needs_the_same_queries_for_any_size(
    client, project, django_assert_num_queries, count
):
    for _ in range(count):
        first = MilestoneFactory(project=project, actor=ActorFactory())
        services.save_milestone(MilestoneFactory(project=project), after=[first], by=project.lead)

    with django_assert_num_queries(6):
        client.get(url("project_timeline", project))


def test_public_page_shows_delays_but_neither_people_nor_internal_causes(client):
    project = ProjectFactory(is_public=True)
    secret = MilestoneFactory(
        project=project, title="Geheim", is_public=False, planned_on=START, person=UserFactory()
    )
    build = MilestoneFactory(project=project, title="Bau", planned_on=START)
    services.save_milestone(build, after=[secret], by=project.lead)

    page = client.get(project.get_public_url()).content.decode()

    assert "später als geplant" in page
    assert "Geheim" not in page
    assert secret.person.name not in page
