import io
import json
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from shapely import STRtree
from shapely.geometry import Point, shape

from actors.exchange import applying, services
from actors.models import Actor, ImportRow, ImportRun, Sector, SourceRecord
from tests.actors.exchange.sample import ROWS, table
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, ImportRunFactory, SourceRecordFactory
from tests.factories.office import CentreFactory, UserFactory

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def importing(tmp_path, capsys, db):
    def importing(content, *options, source="osm"):
        file = tmp_path / "orte.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_actors", str(file), "--source", source, *options)
        (line,) = capsys.readouterr().out.splitlines()
        return json.loads(line)

    return importing


@pytest.fixture
def centre(db):
    return CentreFactory(slug="mitte")


def counts(created=0, updated=0, unchanged=0, missing=0, rejected=0):
    return {
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "missing": missing,
        "rejected": rejected,
    }


def test_import_takes_every_row_and_the_second_run_changes_nothing(importing, centre):
    assert importing(table()) == counts(created=5, updated=1)
    history = apps.get_model("actors.ActorEvent").objects.count()
    before = list(Actor.objects.order_by("pk").values())

    assert importing(table()) == counts(unchanged=6)
    assert list(Actor.objects.order_by("pk").values()) == before
    assert apps.get_model("actors.ActorEvent").objects.count() == history == 5


def test_output_keeps_the_promised_order(importing, centre):
    assert list(importing(table())) == ["created", "updated", "unchanged", "missing", "rejected"]


def test_actors_stand_as_the_file_says(importing, centre):
    importing(table())

    names = list(Actor.objects.order_by("pk").values_list("name", flat=True))
    cafe = Actor.objects.get(name="Café Öztürk")
    office = Actor.objects.get(name="Büro Kühn")
    address = cafe.addresses.get()
    assert names == [
        "Café Öztürk",
        "Büro Kühn",
        "Kneipe ohne Namen, Perleberger Straße 5",
        "Spielplatz ohne Namen",
        'Zum "Anker", am Hafen',
    ]
    assert (str(address), address.latitude, address.longitude) == (
        "Turmstraße 5, 10551",
        52.5258,
        13.3423,
    )
    assert (cafe.centre, cafe.kind) == (centre, "organisation")
    assert [str(sector) for sector in office.sectors.all()] == ["Büros und Verwaltungen", "Schulen"]


def test_changed_row_updates_what_the_source_gave_and_keeps_what_the_office_changed(
    importing, centre
):
    heading = "id,name,telefon,email,strasse,website"
    importing(table("1,Laden,030 1,alt@example.org,Weg 1,a.example", heading=heading))
    actor = Actor.objects.get()
    actor.name = "Der Laden"
    actor.save()
    actor.emails.create(email="buero@example.org")

    row = "1,Laden GmbH,030 2,neu@example.org,Weg 2,"
    assert importing(table(row, heading=heading)) == counts(updated=1)

    actor.refresh_from_db()
    assert (actor.name, actor.website, actor.version) == ("Der Laden", "https://a.example", 0)
    assert list(actor.phones.values_list("number", flat=True)) == ["030 2"]
    assert list(actor.emails.values_list("email", flat=True)) == [
        "neu@example.org",
        "buero@example.org",
    ]
    assert actor.addresses.get().street == "Weg 2"
    assert "Name" in ImportRow.objects.latest("pk").reason
    assert importing(table(row, heading=heading)) == counts(unchanged=1)


def test_place_that_gets_a_name_later_is_renamed(importing, centre):
    importing(table("pubs,3,,Weg 5,,52.5,13.3,x"))

    assert importing(table("pubs,3,Zum Anker,Weg 5,,52.5,13.3,x")) == counts(updated=1)
    assert Actor.objects.get().name == "Zum Anker"


def test_row_that_is_missing_is_reported_and_nothing_happens_to_its_actor(importing, centre):
    importing(table())
    before = list(Actor.objects.order_by("pk").values())

    assert importing(table(ROWS[0])) == counts(unchanged=1, missing=4)
    assert list(Actor.objects.order_by("pk").values()) == before


def test_file_that_lacks_a_category_leaves_the_sectors(importing, centre):
    importing(table())

    assert importing(table(ROWS[1])) == counts(unchanged=1, missing=4)
    assert Actor.objects.get(name="Büro Kühn").sectors.count() == 2


def test_refused_row_is_kept_with_its_reason_and_is_not_missing(importing, centre):
    importing(table(ROWS[0]))

    assert importing(table("cafes,1,Café,Weg,1,hoch,13,x")) == counts(rejected=1)
    row = ImportRow.objects.latest("pk")
    assert (row.number, row.external_id, row.action) == (2, "1", "reject")
    assert (row.raw["lat"], row.values) == ("hoch", {"name": "Café"})
    assert "hoch" in row.reason


def test_same_identifier_twice_is_refused_and_names_the_first_line(importing, centre):
    twice = table(ROWS[0], ROWS[0], ROWS[0].replace("Öztürk", "Kühn"))

    assert importing(twice) == counts(created=1, rejected=2)
    reasons = ImportRow.objects.filter(action="reject").order_by("number")
    assert [row.number for row in reasons] == [3, 4]
    assert all("2" in row.reason for row in reasons)


def test_rows_add_up_whatever_is_wrong_with_them(importing, centre):
    content = table(
        ROWS[0],
        "cafes,2",
        "cafes,3,A,B,C,1,2,3,4",
        "cafes,4,Nu\0ll,,,,,x",
        ",,,,,,,",
        "cafes,,Ohne Nummer,,,,,x",
    )

    assert importing(content) == counts(created=1, rejected=4)
    assert ImportRun.objects.get().rows_total == 5


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_give_the_same_actors(importing, centre, name):
    importing(table().replace("\n", "\r").encode(name))

    assert Actor.objects.filter(name="Café Öztürk").count() == 1


def test_heading_without_rows_reports_everything_missing(importing, centre):
    importing(table())

    assert importing(table().splitlines()[0]) == counts(missing=5)


def test_dry_run_leaves_nothing_behind(importing, centre):
    assert importing(table(), "--dry-run") == counts(created=5, updated=1)
    models = (Actor, SourceRecord, ImportRun, ImportRow, Sector)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0, 0]


def test_mapping_file_names_the_columns(importing, centre, tmp_path):
    mapping = tmp_path / "spalten.json"
    mapping.write_text('{"name": "Wer", "street": "Wo"}', encoding="utf-8")

    importing("Wer,Wo,lat\nLaden,Weg 1,x\n", "--mapping", str(mapping))

    assert [str(a) for a in Actor.objects.get().addresses.all()] == ["Weg 1"]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ('{"name": "Firma"}', "category, id, name, street"),
        ('{"firma": "name"}', "firma"),
        ("[1]", "name"),
        ("kein json", "JSON"),
    ],
)
def test_wrong_mapping_is_a_clear_error(importing, centre, tmp_path, mapping, said):
    file = tmp_path / "spalten.json"
    file.write_text(mapping, encoding="utf-8")

    with pytest.raises(CommandError, match=said):
        importing(table(), "--mapping", str(file))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89PNG", b"Name\n\x81\xff\n"])
def test_file_that_is_no_table_is_a_clear_error_and_leaves_no_run(importing, centre, content):
    with pytest.raises(CommandError):
        importing(content)

    assert ImportRun.objects.count() == 0


def test_file_mapping_and_centre_that_are_not_there_are_clear_errors(importing, centre, tmp_path):
    CentreFactory(slug="nord")

    with pytest.raises(CommandError, match="mitte, nord"):
        importing(table(), "--centre", "west")
    with pytest.raises(CommandError, match=r"fehlt\.json"):
        importing(table(), "--centre", "mitte", "--mapping", str(tmp_path / "fehlt.json"))
    with pytest.raises(CommandError, match=r"fehlt\.csv"):
        call_command("import_actors", str(tmp_path / "fehlt.csv"), "--source", "x", centre="mitte")
    for source in ("", "x" * 51, "a\0b"):
        with pytest.raises(CommandError, match="--source"):
            importing(table(), "--centre", "mitte", source=source)


def test_import_into_one_centre_leaves_the_actors_of_another(importing, centre):
    foreign = SourceRecordFactory(external_id="1", actor=ActorFactory(name="Fremd"))

    result = importing(table(ROWS[0]), "--centre", "mitte")

    foreign.actor.refresh_from_db()
    assert (result, foreign.actor.name) == (counts(rejected=1), "Fremd")


def test_sectors_of_the_town_are_used_and_unknown_ones_made(importing, centre):
    own = Sector.objects.create(name="Cafés", slug="eigene")

    importing(table("cafes,1,A,,,,,x", "Bäckerei,2,B,,,,,x", "🍞,3,C,,,,,x"))

    assert list(Actor.objects.get(name="A").sectors.all()) == [own]
    assert Actor.objects.get(name="B").sectors.get().slug == "baeckerei"
    assert Actor.objects.get(name="C").sectors.get().name == "🍞"


def staged(centre, count=3, source="osm"):
    lines = "".join(f"{number},Laden {number}\n" for number in range(count))
    content = f"id,name\n{lines}".encode()
    return services.stage_at_once(
        io.BytesIO(content), file_name="a.csv", source=source, centre=centre, mapping=None
    )


def test_killed_worker_goes_on_where_it_stopped(centre, monkeypatch):
    monkeypatch.setattr(applying, "BATCH", 2)
    run = staged(centre, 5)
    services.confirm_at_once(run)
    applying.apply_batch(run)
    run.refresh_from_db()
    assert (run.rows_done, Actor.objects.count(), run.state) == (2, 2, "running")

    applying.apply(run.pk)
    applying.apply(run.pk)

    run.refresh_from_db()
    assert (run.rows_done, Actor.objects.count(), run.state) == (5, 5, "done")
    assert run.counts == counts(created=5)


@pytest.mark.django_db(transaction=True)
def test_file_sent_twice_at_once_is_one_import(monkeypatch):
    centre, user = CentreFactory(), UserFactory()
    meet_before(monkeypatch, ImportRun, "save")

    def send():
        upload = SimpleUploadedFile("a.csv", b"id,name\n1,Laden\n")
        return services.start_import(upload, source="osm", centre=centre, user=user).pk

    assert run_at_once(send, times=2) == [ImportRun.objects.get().pk] * 2


@pytest.mark.django_db(transaction=True)
def test_of_four_confirmations_at_once_one_wins(monkeypatch):
    queued = []
    monkeypatch.setattr(services, "queue_on_commit", lambda task, pk: queued.append(pk))
    run = staged(CentreFactory())

    results = run_at_once(lambda: services.confirm_import(ImportRun.objects.get(pk=run.pk)))

    assert sum(isinstance(result, ValidationError) for result in results) == 3
    assert queued == [run.pk]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_source_at_once_make_each_actor_once(monkeypatch):
    monkeypatch.setattr(applying, "BATCH", 10)
    centre = CentreFactory()
    runs = [staged(centre, 40), staged(centre, 40)]
    for run in runs:
        services.confirm_at_once(run)
    left = [run.pk for run in runs] * 2

    results = run_at_once(lambda: applying.apply(left.pop()))

    done = list(ImportRun.objects.order_by("pk").values_list("state", "rows_done"))
    created = sum(run.counts["created"] for run in ImportRun.objects.all())
    assert results == [None] * 4
    assert (Actor.objects.count(), created, done) == (40, 40, [("done", 40)] * 2)


@pytest.mark.django_db(transaction=True)
def test_file_that_is_read_by_four_workers_at_once_is_staged_once(tmp_path):
    run = uploaded_run(CentreFactory())

    results = run_at_once(lambda: services.staging.stage_file(run.pk))

    run.refresh_from_db()
    assert results == [None] * 4
    assert (run.state, run.rows_total, run.rows.count()) == ("preview", 6, 6)


def uploaded_run(centre):
    upload = SimpleUploadedFile("orte.csv", table().encode())
    run = services.start_import(upload, source="osm", centre=centre, user=None)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.STAGING)
    return run


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_imports_that_do_not_move_are_queued_again(centre, monkeypatch):
    queued = []
    monkeypatch.setattr(services, "queue_on_commit", lambda task, pk: queued.append(pk))
    run = uploaded_run(centre)
    ImportRunFactory(centre=centre, state="done")
    assert services.resume_stalled() == 0

    with time_machine.travel("2026-11-22 12:06+01:00", tick=False):
        assert services.resume_stalled() == 1

    assert queued == [run.pk]


@pytest.mark.skipif(not DATA.exists(), reason="the shared real data is not on this machine")
def test_real_extract_of_moabit_is_read_whole_and_lies_inside_its_boundary(importing, centre):
    content = (DATA / "osm_poi_moabit_2025-11.csv").read_bytes()

    assert importing(content) == counts(created=967, updated=2)
    assert importing(content) == counts(unchanged=969)

    area = json.loads((DATA / "area_moabit_prognoseraum_0120.geojson").read_text("utf-8"))
    boundary = shape(area["features"][0]["geometry"] if "features" in area else area)
    places = Actor.objects.values_list("addresses__longitude", "addresses__latitude")
    points = [Point(*place) for place in places]
    assert len(STRtree(points).query(boundary, predicate="contains")) == 967
