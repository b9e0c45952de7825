from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import FieldOfAction, Milestone, Participant, ProgressNote, Project
from projects.pipeline import noting, services
from tests.factories.actors import ActorFactory, ConsentFactory
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import (
    IdeaFactory,
    IdeaFollowerFactory,
    MilestoneFactory,
    ParticipantFactory,
    ProgressNoteFactory,
    ProjectFactory,
    SiteNoticeFactory,
)
from tests.projects.bad_input import DAYS, TEXTS
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LIST = "/projektverwaltung/"


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


@pytest.fixture
def centre(manager):
    return manager.current_mandates[0].centre


@pytest.fixture
def project(manager, centre):
    return ProjectFactory(
        centre=centre, lead=manager, field_of_action=FieldOfAction.objects.first()
    )


# --- who sees what ------------------------------------------------------------------------------


def scenery():
    centre, other = CentreFactory(), CentreFactory()
    ProjectFactory(title="own", centre=centre)
    ProjectFactory(title="own public", centre=centre, is_public=True)
    ProjectFactory(title="second", centre=centre, carrier=CarrierFactory())
    ProjectFactory(title="other", centre=other)
    ProjectFactory(title="other public", centre=other, is_public=True)
    return centre


OWN = ["own", "own public"]


@pytest.mark.parametrize(
    ("role", "everywhere", "expected"),
    [
        (Role.MANAGER, False, OWN),
        (Role.DEPUTY, False, OWN),
        (Role.DESK, False, OWN),
        (Role.MANAGER, True, OWN),
        (Role.CITY, False, [*OWN, "second"]),
        (Role.CITY, True, [*OWN, "second", "other", "other public"]),
        (Role.BODY_MEMBER, False, ["own public"]),
        (Role.BODY_MEMBER, True, ["own public", "other public"]),
    ],
)
def test_list_and_page_show_each_role_its_projects(client, sign_in, role, everywhere, expected):
    centre = scenery()
    place = {"centre": None, "carrier": centre.carrier} if everywhere else {"centre": centre}
    sign_in(role, **place)

    listed = client.get(LIST).context["object_list"]
    opened = [
        project.title
        for project in Project.objects.order_by("pk")
        if client.get(url("project_detail", project)).status_code == 200
    ]

    assert sorted(project.title for project in listed) == sorted(expected)
    assert sorted(opened) == sorted(expected)


def test_internal_notes_stay_with_the_desk(client, sign_in):
    project = ProjectFactory(is_public=True)
    ProgressNoteFactory(project=project, text="Streit mit der Firma", is_public=False)
    ProgressNoteFactory(project=project, text="Die Bänke stehen")
    milestone = MilestoneFactory(project=project, title="Geheimer Termin", is_public=False)

    def read(address):
        return client.get(address).content.decode()

    public = read(project.get_public_url())
    sign_in(Role.CITY, centre=project.centre)
    city = read(project.get_absolute_url())
    sign_in(Role.DESK, centre=project.centre)
    desk = read(project.get_absolute_url())

    assert ["Streit" in page for page in (public, city, desk)] == [False, False, True]
    assert ["Die Bänke" in page for page in (public, city, desk)] == [True, True, True]
    assert [milestone.title in page for page in (public, city, desk)] == [False, True, True]


ACTIONS = ["project_update", "project_move", "project_light", "note_create", "milestone_create"]
MORE = ["milestone_update", "milestone_reach", "participant_delete"]


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize("name", [*ACTIONS, "participant_create", *MORE])
def test_changing_is_for_manager_and_deputy(client, sign_in, role, name):
    project = ProjectFactory()
    sign_in(role, centre=project.centre)
    address = url(name, project, *([1] if name in MORE else []))

    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_a_foreign_carriers_project_is_not_found(client, manager):
    foreign = MilestoneFactory().project

    for name in [*ACTIONS, "participant_create", "project_detail"]:
        assert client.get(url(name, foreign)).status_code == 404
    for name in MORE:
        assert client.post(url(name, foreign, 1)).status_code == 404


def test_a_milestone_of_another_project_is_not_found(client, project):
    foreign = MilestoneFactory()

    for name in ("milestone_update", "milestone_reach"):
        assert client.post(url(name, project, foreign.pk)).status_code == 404
    assert Milestone.objects.get().reached_on is None


def test_public_pages_show_public_projects_only(client):
    project = ProjectFactory(title="Offen", is_public=True, latitude=52.53, longitude=13.34)
    hidden = ProjectFactory(title="Intern", latitude=52.5, longitude=13.3)
    person = ActorFactory(kind="person", name="Mustermann", given_name="Erika")
    listed = ConsentFactory(actor__name="Laden am Platz").actor
    unlisted = ActorFactory(name="Stiller Laden")
    for actor in (person, listed, unlisted):
        ParticipantFactory(project=project, actor=actor)
    idea = IdeaFactory(title="Ungezeigte Idee")
    project.origins.add(idea)

    page = client.get(project.get_public_url()).content.decode()

    assert "Laden am Platz" in page
    for word in ("Erika", "Stiller Laden", "Ungezeigte Idee", project.lead.name):
        assert word not in page
    assert [p.title for p in client.get("/projekte/").context["object_list"]] == ["Offen"]
    assert len(client.get("/projekte/karte.json").json()["features"]) == 1
    assert client.get(hidden.get_public_url()).status_code == 404
    assert client.get(f"{hidden.get_public_url()}ort.json").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_office_list_needs_the_same_queries_for_any_length(
    client, manager, centre, django_assert_num_queries, count
):
    for _ in range(count):
        MilestoneFactory(project=ProjectFactory(centre=centre))
    client.get(LIST)

    with django_assert_num_queries(9):
        response = client.get(LIST)

    assert len(response.context["object_list"]) == count


def test_the_page_counts_each_address_once_whatever_its_capitals(client, project):
    for address in ("anna@laden.example", "ANNA@laden.example", "bilal@laden.example"):
        follower = IdeaFollowerFactory(idea__centre=project.centre, email=address)
        project.origins.add(follower.idea)

    page = client.get(project.get_absolute_url())

    assert page.context["count_followers"]() == len(noting.recipients(project)) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_size(
    client, project, django_assert_num_queries, count
):
    for _ in range(count):
        MilestoneFactory(project=project)
        ProgressNoteFactory(project=project)
        ParticipantFactory(project=project)
        project.origins.add(IdeaFollowerFactory(idea__centre=project.centre).idea)

    with django_assert_num_queries(12):
        client.get(project.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_public_pages_need_the_same_queries_for_any_size(client, django_assert_num_queries, count):
    for _ in range(count):
        project = ProjectFactory(is_public=True)
        for _ in range(count):
            MilestoneFactory(project=project)
            ProgressNoteFactory(project=project)

    with django_assert_num_queries(4):
        client.get("/projekte/")
    with django_assert_num_queries(10):
        client.get(project.get_public_url())


# --- starting -----------------------------------------------------------------------------------


def new_project(manager, centre, **fields):
    return {
        "title": "Bänke",
        "summary": "Bänke für den Platz",
        "field_of_action": FieldOfAction.objects.first().pk,
        "lead": manager.pk,
        "starts_on": "2026-12-01",
        "desk": f"{centre.carrier_id}-{centre.pk}",
        **fields,
    }


def test_start_from_two_ideas(client, manager, centre):
    ideas = [IdeaFactory(centre=centre, state="accepted", title=title) for title in "ab"]
    form = client.get(f"{LIST}neu/?idea={ideas[0].pk}&idea={ideas[1].pk}").context["form"]
    assert form.initial["ideas"] == [idea.pk for idea in ideas]
    assert form.initial["title"] == "a"

    fields = new_project(manager, centre, ideas=[idea.pk for idea in ideas])
    response = client.post(f"{LIST}neu/", fields)

    project = Project.objects.get()
    assert response.url == project.get_absolute_url()
    assert list(project.origins.order_by("pk")) == ideas
    assert client.post(f"{LIST}neu/", fields).status_code == 200  # the ideas are taken
    assert Project.objects.count() == 1


def test_a_second_click_leads_to_the_project_of_the_first(client, manager, centre):
    fields = new_project(manager, centre)

    first = client.post(f"{LIST}neu/", fields)
    second = client.post(f"{LIST}neu/", fields)

    assert Project.objects.count() == 1
    assert second.url == first.url


@pytest.mark.parametrize("query", ["idea=abc", "idea=0", f"idea={'9' * 40}", "idea=²", "idea="])
def test_a_forged_idea_in_the_address_starts_an_empty_form(client, manager, query):
    response = client.get(f"{LIST}neu/?{query}")

    assert response.status_code == 200
    assert "ideas" not in response.context["form"].initial


@pytest.mark.parametrize(
    "fields",
    [
        {"title": TEXTS["blank"]},
        {"title": TEXTS["null byte"]},
        {"title": TEXTS["long line"]},
        {"summary": TEXTS["ten megabytes"]},
        {"summary": TEXTS["null byte"]},
        {"lead": "0"},
        {"lead": "abc"},
        {"lead": "9" * 40},
        {"field_of_action": "9" * 40},
        {"desk": "1-1"},
        {"ideas": ["abc"]},
        {"ideas": ["9" * 40]},
        {"ends_on": "2020-01-01"},
        {"position_0": "52"},
        {"place": "x" * 201},
        *({"starts_on": day} for day in DAYS),
    ],
    ids=lambda fields: f"{fields!s:.40}",
)
def test_bad_input_is_explained_and_kept(client, manager, centre, fields):
    response = client.post(f"{LIST}neu/", new_project(manager, centre, **fields))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert list(Project.objects.all()) == []
    if "title" not in fields:
        assert 'value="Bänke"' in response.content.decode()


@pytest.mark.parametrize("name", ["script", "emoji", "right-to-left", "braces"])
def test_odd_text_is_stored_and_shown_as_text(client, manager, centre, name):
    fields = new_project(manager, centre, title=TEXTS[name], summary=TEXTS[name], is_public="on")

    response = client.post(f"{LIST}neu/", fields, follow=True)

    project = Project.objects.get()
    assert project.title == TEXTS[name].strip()
    for page in (response, client.get(project.get_public_url()), client.get("/projekte/")):
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.content.decode()


def test_an_idea_of_another_desk_cannot_be_chosen(client, manager, centre):
    foreign = IdeaFactory(state="accepted")

    response = client.post(f"{LIST}neu/", new_project(manager, centre, ideas=[foreign.pk]))

    assert list(response.context["form"].errors) == ["ideas"]


# --- changing -----------------------------------------------------------------------------------


def test_a_slower_editor_sees_both_texts_and_loses_nothing(client, manager, centre, project):
    form = {**new_project(manager, centre, title="Meiner"), "version": project.version}
    client.post(url("project_update", project), {**form, "title": "Schneller"})

    refused = client.post(url("project_update", project), form)

    page = refused.content.decode()
    assert refused.status_code == 200
    assert 'value="Meiner"' in page
    assert "Schneller" in page
    assert Project.objects.get().title == "Schneller"

    shown = refused.context["form"]["version"].value()
    client.post(url("project_update", project), {**form, "version": shown})
    assert Project.objects.get().title == "Meiner"


def test_phase_and_light_change_on_the_current_version_only(client, project):
    moved = client.post(url("project_move", project), {"to": "planning", "version": 0})
    stale = client.post(url("project_move", project), {"to": "tendering", "version": 0})
    light = {"light": "red", "light_sentence": "Der Kran fehlt.", "version": 0}
    stale_light = client.post(url("project_light", project), light)
    client.post(url("project_light", project), {**light, "version": 1})

    project.refresh_from_db()
    assert moved.url == project.get_absolute_url()
    assert (stale.status_code, stale_light.status_code) == (200, 200)
    assert (project.phase, project.light, project.version) == ("planning", "red", 2)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("project_move", {"to": ""}),
        ("project_move", {"to": "nonsense"}),
        ("project_move", {"to": "settled"}),
        ("project_move", {"to": "paused"}),
        ("project_move", {"to": "cancelled", "reason": "  "}),
        ("project_move", {"to": "paused", "reason": "x" * 10_000_000}),
        ("project_move", {"to": "paused", "reason": "\0"}),
        ("project_light", {"light": "red"}),
        ("project_light", {"light": "yellow", "light_sentence": " "}),
        ("project_light", {"light": "blue", "light_sentence": "Grund"}),
        ("project_light", {"light": "red", "light_sentence": "x" * 301}),
        ("note_create", {"text": ""}),
        ("note_create", {"text": TEXTS["ten megabytes"]}),
        ("note_create", {"text": TEXTS["null byte"]}),
        ("milestone_create", {"title": "", "planned_on": "2026-12-01"}),
        ("milestone_create", {"title": "x" * 201, "planned_on": "2026-12-01"}),
        *(("milestone_create", {"title": "Guss", "planned_on": day}) for day in DAYS),
        (
            "milestone_create",
            {"title": "Guss", "planned_on": "2026-01-01", "reached_on": "2999-01-01"},
        ),
        ("participant_create", {"actor": ""}),
        ("participant_create", {"actor": "abc"}),
        ("participant_create", {"actor": TEXTS["ten megabytes"]}),
        ("participant_create", {"actor": TEXTS["null byte"]}),
        ("participant_create", {"actor": "abc", "actor_id": "9" * 40}),
        ("participant_create", {"actor": "abc", "actor_pick": "9" * 40}),
    ],
    ids=lambda value: f"{value!s:.40}",
)
def test_an_action_that_lacks_something_is_explained(client, project, name, fields):
    response = client.post(url(name, project), fields)

    assert response.status_code == 200
    assert response.context["form"].errors
    project.refresh_from_db()
    assert project.version == 0
    counts = [model.objects.count() for model in (Milestone, Participant, ProgressNote)]
    assert counts == [0, 0, 0]


def test_milestone_added_edited_and_reached(client, project):
    fields = {"title": "Guss", "planned_on": "2026-12-01"}
    client.post(url("milestone_create", project), fields)
    milestone = Milestone.objects.get()
    client.post(url("milestone_update", project, milestone.pk), {**fields, "title": "Beton"})

    client.post(url("milestone_reach", project, milestone.pk))
    milestone.refresh_from_db()
    reached_on = milestone.reached_on
    client.post(url("milestone_reach", project, milestone.pk))

    milestone.refresh_from_db()
    assert (milestone.title, milestone.planned_on) == ("Beton", date(2026, 12, 1))
    assert milestone.reached_on == reached_on is not None


def test_participant_typed_added_once_and_removed(client, project, centre):
    actor = ActorFactory(name="Blumen Müller", centre=centre)
    address = url("participant_create", project)

    client.post(address, {"actor": "blumen mueller", "function": "Patin"})
    again = client.post(address, {"actor": "Blumen Müller", "actor_id": actor.pk})
    assert again.context["form"].errors
    participant = Participant.objects.get()
    assert (participant.actor, participant.function) == (actor, "Patin")

    client.post(url("participant_delete", project, participant.pk))
    client.post(url("participant_delete", project, participant.pk))
    assert list(Participant.objects.all()) == []


def test_participant_of_a_common_name_is_chosen_from_a_list(client, project, centre):
    """Without scripts nobody can take a suggestion: a plain select follows."""
    one, other = ActorFactory.create_batch(2, name="Kiosk", centre=centre)
    address = url("participant_create", project)

    page = client.post(address, {"actor": "Kiosk", "function": "Gast"}).content.decode()
    assert [f'value="{actor.pk}"' in page for actor in (one, other)] == [True, True]
    assert 'value="Gast"' in page
    client.post(address, {"actor": "Kiosk", "actor_pick": other.pk})

    assert Participant.objects.get().actor == other


@pytest.mark.parametrize("field", ["actor_id", "actor_pick"])
def test_a_foreign_actor_cannot_take_part(client, project, field):
    foreign = ActorFactory()
    fields = {"actor": foreign.name, field: foreign.pk}

    response = client.post(url("participant_create", project), fields)

    assert response.context["form"].errors
    assert list(Participant.objects.all()) == []


def test_a_note_is_mailed_once_on_a_double_click(client, project):
    project.origins.add(IdeaFollowerFactory(email="erika@example.org").idea)
    fields = {"text": "Die Bänke stehen.", "is_public": "on"}

    client.post(url("note_create", project), fields)
    client.post(url("note_create", project), fields)

    assert ProgressNote.objects.count() == 1
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["erika@example.org"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["b", "a"]),
        ({"phase": "running"}, ["a"]),
        ({"phase": "completed"}, ["b"]),
        ({"phase": "nonsense"}, ["b", "a"]),
        ({"light": "red"}, ["a"]),
        ({"field": "9" * 40}, ["b", "a"]),
        ({"q": "a"}, ["b", "a"]),
        ({"sort": "title"}, ["a", "b"]),
        ({"sort": "-phase"}, ["b", "a"]),
        ({"sort": "light"}, ["b", "a"]),
        ({"sort": "next_milestone"}, ["a", "b"]),
        ({"sort": "lead__password"}, ["b", "a"]),
    ],
)
def test_list_filters_and_sorts(client, centre, query, expected):
    first = ProjectFactory(title="a", centre=centre, light="red", light_sentence="Grund")
    MilestoneFactory(project=first)
    ProjectFactory(title="b", centre=centre, phase="completed")

    listed = client.get(LIST, query).context["object_list"]

    assert [project.title for project in listed] == expected


def test_public_page_says_why_who_what_changed_when_it_disturbs_and_whom_to_ask(client, manager):
    town = manager.current_mandates[0].centre.town
    town.phone, town.email = "030 4711", "buero@example.org"
    town.save()
    project = ProjectFactory(centre=manager.current_mandates[0].centre, is_public=True)
    released = {"released_at": NOW, "author_confirmed_at": NOW, "public_text": "Bänke"}
    project.origins.add(IdeaFactory(title="Mehr Bänke", **released))
    services.move_project(project, to="paused", by=manager, reason="Das Geld fehlt.")
    services.edit_project(project, by=manager, light="red", light_sentence="Nur intern.")
    ProgressNoteFactory(project=project, text="Die erste Bank steht.")
    SiteNoticeFactory(project=project, text="Es wird laut.", starts_on=timezone.localdate())
    SiteNoticeFactory(project=project, text="Noch geheim.", is_public=False)

    page = client.get(project.get_public_url())

    text = page.content.decode()
    shown = ("Mehr Bänke", "Das Geld fehlt.", "Die erste Bank steht.", "Es wird laut.")
    for words in (*shown, "Frau Muster, 030 123", "030 4711", "buero@example.org"):
        assert words in text
    for words in ("Nur intern.", "Noch geheim.", project.lead.name):
        assert words not in text
    assert [change.text for change in page.context["changes"]][:2] == [
        "Die erste Bank steht.",
        "Das Geld fehlt.",
    ]
    assert page.context["has_map"]
