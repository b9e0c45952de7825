"""A source that comes again: new, changed, possibly closed; refused rows that are mended."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actors.exchange import applying, services, staging
from actors.models import Actor, ImportRow, ImportRun, SavedMapping, SourceRecord
from tests.actors.exchange.sample import HEADING, table
from tests.factories.actors import ActorFactory, PhoneNumberFactory, SourceRecordFactory
from tests.factories.office import CentreFactory, TownFactory
from zentrum.accounts.roles import Role
from zentrum.files.xlsx import workbook

DATA = Path(__file__).parents[4] / "shared" / "data" / "osm_poi_moabit_2025-11.csv"
LOST_URL = reverse("actors:lost_list")
TOWN = [
    "cafes,1,Café Öztürk,Turmstraße 5,10551,52.5258,13.3423,x",
    "cafes,2,Möwe,Ufer 1,10551,52.5258,13.3423,x",
    "cafes,3,Kaffeeklatsch,Weg 1,10551,52.5258,13.3423,x",
    "pubs,4,Zum Anker,Hafen 1,10551,52.5258,13.3423,x",
    "pubs,5,Zur Post,Hafen 2,10551,52.5258,13.3423,x",
    "schools,6,Grundschule,Platz 1,10551,52.5258,13.3423,x",
]


@pytest.fixture
def centre(sign_in):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def take_over(centre, *rows, mends=None, content=None):
    upload = SimpleUploadedFile("orte.csv", (content or table(*rows).encode()))
    if mends:
        run = services.mend_import(mends, upload, user=None)
    else:
        run = services.start_import(upload, source="osm", centre=centre, user=None)
        services.choose_columns(run, mapping=run.mapping)
    staging.stage_file(run.pk)
    run.refresh_from_db()
    services.confirm_at_once(run)
    applying.apply(run.pk)
    run.refresh_from_db()
    return run


def lost():
    return sorted(SourceRecord.objects.possibly_closed().values_list("external_id", flat=True))


def test_changed_copy_gives_exactly_the_created_changed_and_possibly_closed(centre):
    take_over(centre, *TOWN)
    renamed = TOWN[1].replace("Möwe", "Café Möwe")
    moved = TOWN[3].replace("Hafen 1", "Hafen 7").replace("52.5258", "52.5262")
    new = "pubs,7,Neu,Hafen 9,10551,52.52,13.34,x"

    run = take_over(centre, TOWN[0], renamed, moved, TOWN[5], new)

    assert run.counts == {
        "created": 1,
        "updated": 2,
        "unchanged": 2,
        "missing": 2,
        "rejected": 0,
    }
    rows = run.rows.order_by("external_id").values_list("external_id", "action")
    assert list(rows) == [
        *(("1", "keep"), ("2", "update"), ("3", "missing"), ("4", "update"), ("5", "missing")),
        *(("6", "keep"), ("7", "create")),
    ]
    assert lost() == ["3", "5"]
    assert Actor.objects.filter(archived_at__isnull=True).count() == 7
    address = Actor.objects.get(name="Zum Anker").addresses.get()
    assert (address.street, address.latitude) == ("Hafen 7", 52.5262)


@pytest.mark.skipif(not DATA.exists(), reason="the shared real data is not on this machine")
def test_changed_copy_of_moabit_gives_exactly_what_was_changed(centre):
    heading, *lines = DATA.read_text("utf-8").splitlines()
    rows = list(csv.DictReader([heading, *lines]))
    once = [row for row in rows if sum(row["id"] == other["id"] for other in rows) == 1]
    many = [row for row in once if sum(row["category"] == o["category"] for o in rows) > 5]
    named = [row for row in many if row["name"]]
    renamed, moved, removed = named[0:40:4], named[1:41:4], named[2:42:4]
    first = take_over(centre, content=DATA.read_bytes())

    for row in renamed:
        row["name"] += " (neu)"
    for row in moved:
        row["street"], row["lat"] = "Turmstraße 999", "52.525"
    kept = [row for row in rows if row not in removed]
    added = [dict(rows[0], id=str(number), name=f"Neu {number}") for number in range(1, 6)]
    file = io.StringIO()
    writer = csv.DictWriter(file, heading.split(","))
    writer.writeheader()
    writer.writerows([*kept, *added])
    second = take_over(centre, content=file.getvalue().encode())

    assert (first.counts["created"], first.counts["updated"]) == (967, 2)
    assert second.counts == {
        "created": 5,
        "updated": len(renamed) + len(moved),
        "unchanged": 969 - len(renamed) - len(moved) - len(removed),
        "missing": len(removed),
        "rejected": 0,
    }
    assert lost() == sorted(row["id"] for row in removed)


def test_file_that_lacks_a_whole_category_says_so_and_lists_none_of_it(client, centre):
    take_over(centre, *TOWN)

    run = take_over(centre, *TOWN[:2], TOWN[5])

    assert (run.lacking, run.counts["missing"], lost()) == ({"pubs": 2}, 3, ["3"])
    context = client.get(run.get_absolute_url(), {"rows": "missing"}).context
    assert [row.external_id for row in context["rows"]] == ["3"]
    assert context["lacking"] == [("Kneipen", 2)]


def test_lost_actor_that_comes_back_is_no_longer_possibly_closed(centre):
    take_over(centre, *TOWN)
    take_over(centre, TOWN[0], *TOWN[3:])
    assert lost() == ["2", "3"]

    take_over(centre, *TOWN[:2], *TOWN[3:])

    assert lost() == ["3"]


def test_lost_row_that_is_refused_is_there_all_the_same(centre):
    take_over(centre, *TOWN)
    take_over(centre, TOWN[0], *TOWN[3:])

    take_over(centre, TOWN[0], TOWN[1].replace("52.5258", "hoch"), *TOWN[3:])

    assert lost() == ["3"]


def test_missing_since_stays_the_day_of_the_first_file_without_the_actor(centre):
    take_over(centre, *TOWN)
    take_over(centre, *TOWN[1:])
    since = SourceRecord.objects.get(external_id="1").missing_since

    take_over(centre, *TOWN[1:])

    assert SourceRecord.objects.get(external_id="1").missing_since == since


def test_actor_that_somebody_saw_is_asked_for_again_only_when_lost_once_more(client, centre):
    take_over(centre, *TOWN)
    take_over(centre, *TOWN[1:])
    record = SourceRecord.objects.get(external_id="1")
    url = reverse("actors:lost_still_there", args=[record.pk])

    assert client.post(url).url == LOST_URL
    assert client.post(url).status_code == 404
    take_over(centre, *TOWN[1:])
    assert lost() == []

    take_over(centre, *TOWN)
    take_over(centre, *TOWN[1:])
    assert lost() == ["1"]


def test_list_of_the_possibly_closed_is_sorted_as_one_walks_and_comes_as_workbook(client, centre):
    take_over(centre, *TOWN)
    take_over(centre, TOWN[0], TOWN[3], TOWN[5])
    SourceRecordFactory(missing_since="2026-01-01T00:00Z")

    page = client.get(LOST_URL).context
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("actors:lost_workbook")).content))

    names = ["Zur Post", "Möwe", "Kaffeeklatsch"]
    assert [record.actor.name for record in page["object_list"]] == names
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == names
    assert client.get(reverse("actors:import_list")).context["lost_count"] == 3


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_the_possibly_closed_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    for _number in range(count):
        actor = ActorFactory(centre=centre)
        SourceRecordFactory(actor=actor, missing_since="2026-01-01T00:00Z")

    with django_assert_num_queries(12):
        assert client.get(LOST_URL).context["count"] == count


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_manager_and_deputy_see_the_possibly_closed(client, sign_in, role):
    record = SourceRecordFactory(missing_since="2026-01-01T00:00Z")
    sign_in(role, centre=record.actor.centre)

    still = client.post(reverse("actors:lost_still_there", args=[record.pk]))

    assert (client.get(LOST_URL).status_code, still.status_code) == (403, 403)


BAD = [
    "cafes,8,=Café; +49,Weg 2,10551,hoch,13.3,x",
    'cafes,9,"-Zwei\nZeilen",Weg 3,10551,52.5,,x',
    "cafes,10,Gut,Weg 4,10551,52.5,13.3,x",
]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_refused_rows_come_back_in_their_own_columns_and_are_mended(client, centre, ending):
    run = take_over(centre, *TOWN, *BAD)
    name = "import_refused" if ending == "xlsx" else "import_refused_text"
    content = client.get(reverse(f"actors:{name}", args=[run.pk])).content

    if ending == "xlsx":
        rows = [
            [c.value or "" for c in r] for r in openpyxl.load_workbook(io.BytesIO(content)).active
        ]
        mended = [[cell.replace("hoch", "52.51") for cell in row] for row in rows]
        mended[2][6] = "13.31"
        content = workbook("Liste", mended[0], mended[1:])
    else:
        assert content.startswith(b"\xef\xbb\xbf")
        assert b";'=Caf" in content or b";\"'=Caf" in content
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        content = content.replace(b"hoch", b"52.51").replace(b";52.5;;x", b";52.5;13.31;x")

    assert rows[0][:8] == HEADING.split(",")
    assert [row[1] for row in rows[1:]] == ["8", "9"]
    assert "hoch" in rows[1][-1]

    mending = take_over(centre, mends=run, content=content)

    assert (mending.counts["created"], mending.counts["missing"]) == (2, 0)
    assert Actor.objects.filter(name__in=["=Café; +49", "-Zwei Zeilen"]).count() == 2
    assert lost() == []
    context = client.get(run.get_absolute_url(), {"rows": "rejected"}).context
    assert [row.is_mended for row in context["rows"]] == [True, True]


def test_mended_rows_are_sent_by_page_and_read_once(client, centre):
    run = take_over(centre, *TOWN, BAD[0])
    url = reverse("actors:import_mend", args=[run.pk])
    content = table(BAD[0].replace("hoch", "52.5")).encode()

    answers = [client.post(url, {"file": SimpleUploadedFile("a.csv", content)}) for _ in "12"]

    mending = ImportRun.objects.get(mends=run)
    assert [answer.url for answer in answers] == [mending.get_absolute_url()] * 2
    assert (mending.state, mending.mapping) == ("staging", run.mapping)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Firma;Ort\nA;B\n"])
def test_mended_file_that_does_not_fit_is_refused_with_a_word(client, centre, content):
    run = take_over(centre, *TOWN, BAD[0])

    response = client.post(
        reverse("actors:import_mend", args=[run.pk]), {"file": SimpleUploadedFile("a.csv", content)}
    )

    assert list(response.context["mend_form"].errors) == ["file"]
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("name", ["import_refused", "import_refused_text", "import_mend"])
def test_refused_rows_of_another_centre_are_not_there(client, centre, name):
    foreign = ImportRun.objects.create(source="osm", file_name="a", centre=CentreFactory())
    call = client.post if name == "import_mend" else client.get

    assert call(reverse(f"actors:{name}", args=[foreign.pk])).status_code == 404


def test_columns_of_a_source_are_remembered_for_its_next_file(client, centre):
    content = b"Wer;Wo;Was\nLaden;Weg 1;Obst\n"
    run = services.start_import(
        SimpleUploadedFile("a.csv", content), source="Liste", centre=centre, user=None
    )
    assert run.mapping == {}
    services.choose_columns(run, mapping={"name": "Wer", "street": "Wo"})

    known = services.start_import(
        SimpleUploadedFile("b.csv", content + b"B;Weg 2;x\n"),
        source="Liste",
        centre=centre,
        user=None,
    )
    other = services.start_import(
        SimpleUploadedFile("c.csv", b"Firma;Ort\nA;B\n"), source="Liste", centre=centre, user=None
    )

    assert SavedMapping.objects.get().columns == {"name": "Wer", "street": "Wo"}
    assert known.mapping == {"name": "Wer", "street": "Wo"}
    assert other.mapping == {"name": "Firma", "town": "Ort"}
    page = client.get(reverse("actors:import_mapping", args=[known.pk])).context
    assert (page["is_known"], page["form"].initial) == (True, known.mapping)


def test_preview_names_who_may_be_there_already(client, centre):
    known = ActorFactory(centre=centre, name="Cafe Oeztuerk")
    PhoneNumberFactory(actor=known, number="030 123456")
    ActorFactory(centre=centre, name="Ganz anders")
    content = b"Name;Telefon\nCaf\xc3\xa9 \xc3\x96zt\xc3\xbcrk;+49 30 123456\nNeu;030 9\n"
    run = services.start_import(
        SimpleUploadedFile("a.csv", content), source="Liste", centre=centre, user=None
    )
    services.choose_columns(run, mapping=run.mapping)
    staging.stage_file(run.pk)

    rows = client.get(run.get_absolute_url(), {"rows": "created"}).context["rows"]

    assert [row.likely for row in rows] == [[known], []]


def test_person_of_the_file_becomes_a_person_and_later_changes_of_kind_are_left(centre):
    heading = "id,vorname,nachname,rechtsform,telefon,mobil"
    take_over(centre, content=table("1,Eva,Kühn,,030 1,0170 2", heading=heading).encode())
    eva = Actor.objects.get()
    assert (eva.kind, str(eva)) == ("person", "Eva Kühn")

    take_over(centre, content=table("1,,Kühn,GmbH,0170 2,0170 3", heading=heading).encode())

    eva.refresh_from_db()
    assert (eva.kind, eva.legal_form) == ("person", "")
    assert list(eva.phones.values_list("number", flat=True)) == ["0170 3", "0170 2"]
    assert ImportRow.objects.latest("pk").reason.count("Rechtsform") == 2
