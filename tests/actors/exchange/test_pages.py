import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actors.exchange import applying, staging
from actors.models import Actor, ImportRun
from tests.actors.exchange.sample import ROWS, table
from tests.factories.actors import ImportRunFactory
from tests.factories.office import CentreFactory, TownFactory
from zentrum.accounts.roles import Role

LIST_URL = reverse("actors:import_list")
CREATE_URL = reverse("actors:import_create")


@pytest.fixture
def centre(sign_in):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def url(name, run):
    return reverse(f"actors:import_{name}", args=[run.pk])


def upload(client, centre, content, name="orte.csv", changes=()):
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, content)
    return client.post(
        CREATE_URL, {"file": file, "source": "osm", "centre": centre.pk} | dict(changes)
    )


def run_of(client, centre, content):
    upload(client, centre, content)
    return ImportRun.objects.get()


def preview(client, centre, content):
    run = run_of(client, centre, content)
    client.post(url("mapping", run), run.mapping)
    staging.stage_file(run.pk)
    run.refresh_from_db()
    return run


def test_import_by_page_from_the_file_to_the_result(client, centre):
    response = upload(client, centre, table(*ROWS, "cafes,9,Kaputt,,,hoch,13,x"))
    run = ImportRun.objects.get()
    assert response.url == url("mapping", run)

    page = client.get(url("mapping", run))
    assert page.context["form"].initial["latitude"] == "lat"
    assert page.context["samples"][0][2] == "Café Öztürk"

    assert client.post(url("mapping", run), run.mapping).url == url("detail", run)
    assert client.get(url("detail", run)).context["is_moving"] is True
    staging.stage_file(run.pk)

    page = client.get(url("detail", run))
    assert "hoch" in page.context["rows"][0].reason
    assert Actor.objects.count() == 0

    assert client.post(url("confirm", run)).url == url("detail", run)
    applying.apply(run.pk)

    page = client.get(url("detail", run), {"rows": "created"})
    run.refresh_from_db()
    assert (run.state, run.started_by.pk) == ("done", int(client.session["_auth_user_id"]))
    assert [row.actor.name for row in page.context["rows"]][:2] == ["Café Öztürk", "Büro Kühn"]
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 5, 1, 0, 0]


@pytest.mark.parametrize("name", ["utf-8-sig", "cp1252", "utf-16"])
def test_upload_in_any_encoding_is_read(client, centre, name):
    run = preview(client, centre, table().encode(name))

    assert run.counts["created"] == 5


def test_row_with_a_null_byte_is_refused_and_the_others_are_not(client, centre):
    run = preview(client, centre, table(ROWS[0], "cafes,7,Nu\0ll,,,,,x"))

    assert (run.counts["created"], run.counts["rejected"]) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04", b"%PDF-1.7", b"Name\n\x81\xff\n"])
def test_upload_that_is_no_table_is_refused_with_the_input_kept(client, centre, content):
    response = upload(client, centre, content, changes={"source": "Werbegemeinschaft"})

    assert list(response.context["form"].errors) == ["file"]
    assert 'value="Werbegemeinschaft"' in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_upload_beyond_the_limit_is_refused(client, centre, settings):
    settings.FILE_MAX_MEGABYTES = 0

    response = upload(client, centre, table())

    assert list(response.context["form"].errors) == ["file"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": "x" * 51}, "source"),
        ({"source": "a\0b"}, "source"),
        ({"centre": "99999"}, "centre"),
        ({"centre": "x"}, "centre"),
        ({"file": "kein Upload"}, "file"),
    ],
)
def test_bad_field_is_refused(client, centre, change, field):
    response = upload(client, centre, table(), changes=change)

    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "👩‍🍳.csv", "<script>.csv", "x" * 250 + ".csv"]
)
def test_file_name_of_any_kind_is_taken(client, centre, name):
    upload(client, centre, table(), name=name)

    assert client.get(LIST_URL).status_code == 200
    assert "<script>.csv" not in client.get(LIST_URL).content.decode()
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "gibt es nicht"}, {"street": "x"}])
def test_column_that_is_not_there_is_refused(client, centre, change):
    run = run_of(client, centre, table())

    response = client.post(url("mapping", run), run.mapping | change)

    run.refresh_from_db()
    assert (list(response.context["form"].errors), run.state) == (list(change), "mapping")


def test_columns_can_be_changed_until_the_import_is_confirmed(client, centre):
    run = preview(client, centre, table())
    client.post(url("mapping", run), {"name": "name", "street": "zip_code"})
    staging.stage_file(run.pk)
    client.post(url("confirm", run))

    assert client.get(url("mapping", run)).url == url("detail", run)
    run.refresh_from_db()
    assert (run.mapping, run.state) == ({"name": "name", "street": "zip_code"}, "running")


def test_confirming_twice_takes_over_once(client, centre):
    run = preview(client, centre, table())

    client.post(url("confirm", run))
    applying.apply(run.pk)
    client.post(url("confirm", run))

    run.refresh_from_db()
    assert (run.state, Actor.objects.count()) == ("done", 5)


def test_progress_renews_itself_and_reloads_at_the_end(client, centre):
    run = preview(client, centre, table())
    client.post(url("confirm", run))
    moving = client.get(url("progress", run))
    client.post(url("resume", run))
    applying.apply(run.pk)
    over = client.get(url("progress", run))

    assert ("HX-Refresh" in moving, over["HX-Refresh"]) == (False, "true")
    assert client.get(url("progress", run)).status_code == 200


@pytest.mark.parametrize("name", ["confirm", "resume"])
def test_steps_take_a_post(client, centre, name):
    run = ImportRunFactory(centre=centre)

    assert client.get(url(name, run)).status_code == 405


@pytest.mark.parametrize("name", ["detail", "mapping", "progress", "confirm", "resume"])
def test_import_of_another_centre_is_not_there(client, centre, name):
    run = ImportRunFactory()
    call = client.post if name in ("confirm", "resume") else client.get

    assert call(url(name, run)).status_code == 404
    assert list(client.get(LIST_URL).context["object_list"]) == []


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_manager_and_deputy_import(client, sign_in, role):
    run = ImportRunFactory()
    sign_in(role, centre=run.centre)

    answers = [client.get(LIST_URL), client.get(CREATE_URL), client.get(url("detail", run))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_desk_mandate_elsewhere_does_not_open_the_imports_there(client, sign_in):
    user = sign_in(Role.MANAGER)
    run = ImportRunFactory()
    sign_in(Role.DESK, user=user, centre=run.centre)

    assert client.get(url("detail", run)).status_code == 404
    form = client.get(CREATE_URL).context["form"]
    assert run.centre not in form.fields["centre"].queryset


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    ImportRunFactory.create_batch(count, centre=centre)

    with django_assert_num_queries(7):
        response = client.get(LIST_URL)

    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_preview_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    run = preview(client, centre, table(*ROWS[:1], *ROWS[3 : 3 + count - 1]))

    with django_assert_num_queries(9):
        response = client.get(url("detail", run))

    assert len(response.context["rows"]) == count
