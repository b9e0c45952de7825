import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from projects.models import Goal, Idea, Programme, Project
from projects.programme import services
from tests.concurrency import meet_before, run_at_once, wait_until_blocked_or_done
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from tests.factories.projects import (
    GoalFactory,
    IdeaFactory,
    ProgrammeFactory,
    ProjectFactory,
)
from tests.projects.programme.test_boundaries import POLYGON
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db


def url(name, *keys):
    return reverse(f"projects:{name}", args=keys)


def titles(programme):
    return list(programme.goals.order_by("position").values_list("title", flat=True))


@pytest.fixture
def programme():
    return ProgrammeFactory(name="Lebendige Zentren")


@pytest.fixture
def manager(sign_in, programme):
    return sign_in(Role.MANAGER, centre=programme.centre, carrier=programme.centre.carrier)


def test_programme_is_entered_with_its_resolution_and_the_document(client, sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    words = {"centre": centre.pk, "name": "Lebendige Zentren", "starts_on": "2024-01-01"}
    words |= {"ends_on": "2031-12-31", "resolution": "Rat, 2023/114", "resolved_on": "2023-11-09"}
    words |= {"upload": SimpleUploadedFile("beschluss.pdf", b"%PDF-1.7 Beschluss")}

    answer = client.post(url("programme_create"), words)
    programme = Programme.objects.get()
    page = client.get(answer.url)
    document = client.get(url("programme_document", programme.pk))

    assert answer.url == programme.get_absolute_url()
    assert "Rat, 2023/114" in page.text
    assert b"".join(document.streaming_content) == b"%PDF-1.7 Beschluss"
    assert "attachment" in document["Content-Disposition"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": "2023-01-01"}, "ends_on"),
        ({"name": "  "}, "name"),
        ({"upload": SimpleUploadedFile("beschluss.exe", b"MZ")}, "upload"),
        ({"upload": SimpleUploadedFile("beschluss.pdf", b"MZ")}, "upload"),
        ({"starts_on": "gestern"}, "starts_on"),
    ],
)
def test_programme_is_refused_in_words(client, sign_in, change, field):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    words = {"centre": centre.pk, "name": "Mitte", "starts_on": "2024-01-01"}

    page = client.post(url("programme_create"), words | change)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Programme.objects.exists()


def test_nobody_overwrites_the_programme_of_another(client, manager, programme):
    address = url("programme_update", programme.pk)
    words = {"name": "Neu", "starts_on": "2024-01-01", "version": 0}

    client.post(address, words | {"name": "Alt"})
    page = client.post(address, words)

    assert page.context["form"].theirs == [("Name", "Alt")]
    assert Programme.objects.get().name == "Alt"


def test_boundary_comes_from_a_file_and_is_that_of_the_centre(client, manager, programme):
    address = url("programme_boundary", programme.pk)
    before = client.get(programme.get_absolute_url())

    answer = client.post(
        address, {"file": SimpleUploadedFile("grenze.geojson", json.dumps(POLYGON).encode())}
    )
    programme.centre.refresh_from_db()
    page = client.get(programme.get_absolute_url())
    shown = client.get(reverse("portal:areas"), {"centre": programme.centre_id}).json()

    assert "noch nicht gezeichnet" in before.text
    assert answer.url == programme.get_absolute_url()
    assert "rund 75,6 Hektar" in page.text
    assert shown["features"][0]["geometry"] == programme.centre.area


def test_boundary_is_drawn_corner_by_corner_and_comes_back_to_be_changed(
    client, manager, programme
):
    address = url("programme_boundary", programme.pk)
    corners = "52.42, 13.37\n52.42, 13.38\n52.43, 13.38"

    client.post(address, {"corners": corners})
    programme.centre.refresh_from_db()
    form = client.get(address)
    crossed = client.post(address, {"corners": "52, 13\n53, 14\n53, 13\n52, 14"})

    ring = {tuple(place) for place in programme.centre.area["coordinates"][0]}
    assert ring == {(13.37, 52.42), (13.38, 52.42), (13.38, 52.43)}
    assert "data-area-drawer" in form.text
    assert "13.37" in form.text
    assert list(crossed.context["form"].errors) == ["corners"]


@pytest.mark.parametrize("given", ["", "kein JSON", '{"type": "Point", "coordinates": [1, 2]}'])
def test_boundary_that_is_none_keeps_the_old_one(client, manager, programme, given):
    type(programme.centre).objects.update(area=POLYGON)

    page = client.post(url("programme_boundary", programme.pk), {"text": given})

    programme.centre.refresh_from_db()
    assert (page.status_code, page.context["form"].is_valid()) == (200, False)
    assert given in unescape(page.text)
    assert programme.centre.area == POLYGON


def test_boundary_with_swapped_numbers_is_refused(client, manager, programme):
    type(programme.centre).objects.update(latitude=13.37, longitude=52.42)

    page = client.post(url("programme_boundary", programme.pk), {"text": json.dumps(POLYGON)})

    assert "Länge und Breite" in page.text
    programme.centre.refresh_from_db()
    assert programme.centre.area is None


def test_goals_stand_in_the_order_that_the_office_gives_them(client, manager, programme):
    for title in ("Leerstand", "Grün", "Wege"):
        client.post(url("goal_create", programme.pk), {"title": title})
    ways = Goal.objects.get(title="Wege")
    address = url("goal_place", programme.pk, ways.pk)

    client.post(address, {"place": "1"})
    first = titles(programme)
    client.post(address, {"place": "1"})
    client.post(address, {"place": "999999"})
    client.post(address, {"place": "-1"})

    assert first == titles(programme) == ["Wege", "Leerstand", "Grün"]
    client.post(address, {"place": "9"})
    assert titles(programme) == ["Leerstand", "Grün", "Wege"]


def test_same_goal_is_there_once_and_another_title_may_be_wrong_once(client, manager, programme):
    GoalFactory(programme=programme, title="Grün")
    other = GoalFactory(programme=programme)

    added = client.post(url("goal_create", programme.pk), {"title": "Grün"})
    edited = client.post(
        url("goal_update", programme.pk, other.pk), {"title": "Grün", "version": 0}
    )

    assert list(added.context["form"].errors) == ["title"]
    assert edited.context["form"].errors
    assert Goal.objects.filter(title="Grün").count() == 1


def test_database_keeps_one_goal_at_a_position(programme):
    for _ in range(2):
        GoalFactory(programme=programme, position=1)

    with pytest.raises(IntegrityError):
        connection.check_constraints()


@pytest.mark.parametrize("serves", [ProjectFactory, IdeaFactory])
def test_goal_that_something_serves_is_not_removed(client, manager, programme, serves):
    goal, mistake = GoalFactory(programme=programme), GoalFactory(programme=programme)
    row = serves(centre=programme.centre)
    row.goals.set([goal])

    client.post(url("goal_remove", programme.pk, mistake.pk))
    page = client.post(url("goal_remove", programme.pk, goal.pk), follow=True)

    assert "Benennen Sie es" in page.text
    assert list(row.goals.all()) == list(programme.goals.all()) == [goal]


@pytest.mark.parametrize(
    ("serves", "name"), [(ProjectFactory, "project_goals"), (IdeaFactory, "idea_goals")]
)
def test_project_and_idea_say_which_goals_they_serve(client, manager, programme, serves, name):
    goal, other = GoalFactory(programme=programme), GoalFactory()
    row = serves(centre=programme.centre)
    address = url(name, row.pk)

    form = client.get(address)
    answer = client.post(address, {"goals": [goal.pk], "version": 0})
    foreign = client.post(address, {"goals": [other.pk], "version": 1})
    stale = client.post(address, {"goals": [], "version": 0})

    assert goal.title in form.text
    assert other.title not in form.text
    assert answer.url == row.get_absolute_url()
    assert goal.title in client.get(row.get_absolute_url()).text
    assert list(foreign.context["form"].errors) == ["goals"]
    assert stale.context["form"].theirs == [("Ziele", goal.title)]
    assert list(row.goals.all()) == [goal]


@pytest.mark.parametrize(
    ("serves", "name"), [(ProjectFactory, "project_list"), (IdeaFactory, "idea_list")]
)
def test_lists_are_narrowed_by_goal_and_by_none(client, manager, programme, serves, name):
    goal = GoalFactory(programme=programme)
    place = {"centre": programme.centre, "carrier": programme.centre.carrier}
    serving, other = serves(**place), serves(**place)
    serving.goals.set([goal])
    other.goals.set([GoalFactory(programme=ProgrammeFactory(centre=programme.centre))])

    def found(goal):
        return list(client.get(url(name), {"goal": goal}).context["object_list"])

    assert found(goal.pk) == [serving]
    assert found(f"none-{programme.pk}") == [other]
    assert found(GoalFactory().pk) == found("none-9") == [other, serving]


def test_goal_of_another_centre_is_refused_by_the_service():
    project, goal = ProjectFactory(), GoalFactory()

    with pytest.raises(ValidationError, match="Zentrum"):
        services.set_goals(project, [goal], by=UserFactory())

    assert not project.goals.exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_and_who_changes_a_programme(client, sign_in, role):
    goal = GoalFactory()
    programme = goal.programme
    sign_in(role, centre=programme.centre, carrier=programme.centre.carrier)
    reading = [url("programme_list"), programme.get_absolute_url()]
    writing = [url("programme_create"), url("programme_update", programme.pk)]
    writing += [url("programme_boundary", programme.pk), url("goal_create", programme.pk)]
    writing.append(url("goal_update", programme.pk, goal.pk))
    leads = role in (Role.MANAGER, Role.DEPUTY)

    read = {client.get(address).status_code for address in reading}
    wrote = {client.get(address).status_code for address in writing}

    assert read == {403 if role == Role.TECHNICAL else 200}
    assert wrote == {200 if leads else 403}
    if role != Role.TECHNICAL:
        page = client.get(programme.get_absolute_url()).text
        assert (url("goal_create", programme.pk) in page) == leads


def test_leading_elsewhere_changes_nothing_here(client, sign_in, programme):
    user = sign_in(Role.CITY, centre=programme.centre)
    MandateFactory(user=user, role=Role.MANAGER, centre=CentreFactory())

    page = client.get(programme.get_absolute_url())

    assert url("goal_create", programme.pk) not in page.text
    assert client.get(url("programme_update", programme.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_need_the_same_queries_for_any_length(
    client, manager, programme, django_assert_max_num_queries, count
):
    for _ in range(count):
        ProgrammeFactory(centre=programme.centre)
        GoalFactory(programme=programme)

    with django_assert_max_num_queries(7):
        assert len(client.get(url("programme_list")).context["object_list"]) == count + 1
    with django_assert_max_num_queries(7):
        page = client.get(programme.get_absolute_url())
    assert len(page.context["goals"]) == count


@pytest.mark.django_db(transaction=True)
def test_goals_added_at_once_stand_one_after_the_other(monkeypatch):
    programme, user = ProgrammeFactory(), UserFactory()
    meet_before(monkeypatch, Goal, "full_clean")

    def act():
        services.add_goal(Goal(programme=programme, title=str(uuid4())), by=user)

    assert run_at_once(act, times=2) == [None, None]
    assert [goal.position for goal in programme.goals.all()] == [1, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["set", "remove"])
def test_goal_is_not_removed_under_the_project_that_takes_it(first):
    """Whoever comes second waits, and is refused in words."""
    goal, user = GoalFactory(), UserFactory()
    project = ProjectFactory(centre=goal.programme.centre)
    acts = {
        "set": lambda: services.set_goals(project, [goal], by=user),
        "remove": lambda: services.remove_goal(goal, by=user),
    }
    second = acts["remove" if first == "set" else "set"]

    def call():
        try:
            return second()
        except ValidationError as refusal:
            return refusal.messages
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            acts[first]()
            waiting = pool.submit(call)
            wait_until_blocked_or_done(waiting)
        refused = waiting.result()

    assert refused
    assert project.goals.exists() == Goal.objects.exists() == (first == "set")


def test_what_serves_a_goal_says_so_with_its_own_version():
    goal, user = GoalFactory(), UserFactory()
    for row in (
        ProjectFactory(centre=goal.programme.centre),
        IdeaFactory(centre=goal.programme.centre),
    ):
        services.set_goals(row, [goal], by=user, version=0)
        assert row.version == 1
    assert (Project.objects.get().goals.get(), Idea.objects.get().goals.get()) == (goal, goal)


def test_programme_ends_after_it_starts_in_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeFactory(starts_on=date(2024, 1, 1), ends_on=date(2023, 1, 1))
