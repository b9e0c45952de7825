"""What somebody may type at a prompt: refused in a sentence that says how to mend it."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from actors.models import Actor, ImportRun
from contacts.followups.models import Tick
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory
from zentrum.accounts.models import User
from zentrum.mail import sweeping
from zentrum.office.models import Town

NOWHERE = "redis://127.0.0.1:1/0"
TABLE = b"Name;Ort\nCaf\xc3\xa9;Berlin\n"
FOUND = ["--town=A", "--land=HE", "--carrier=B", "--centre=C", "--manager=m@example.org"]


def refusal(*command):
    """The one sentence with which the command refuses; it prints nothing else."""
    out = StringIO()

    with pytest.raises(CommandError) as refused:
        call_command(*command, stdout=out)

    sentence = str(refused.value)
    assert out.getvalue() == ""
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    return sentence


def at_the_prompt(*command, **environment):
    """Exit status, output and complaint of `manage.py`, on the servers of the suite."""
    host = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**host)
    given = {"DATABASE_URL": address, "SECRET_KEY": "x", "REDIS_URL": settings.REDIS_URL}
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        check=False,
        cwd=settings.BASE_DIR,
        env=os.environ | given | {"DJANGO_SETTINGS_MODULE": "zentrum.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "orte.csv"
    path.write_bytes(TABLE)
    return path


@pytest.fixture
def centre(db):
    return CentreFactory(slug="mitte", carrier=CarrierFactory(name="Büro"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nirgends.csv", None, "nirgends.csv: No such file"),
        (".", None, "Is a directory"),
        ("leer.csv", b"", "Die Datei ist leer"),
        ("leerzeilen.csv", b"\n \r\n\n", "Die Datei ist leer"),
        ("mark.csv", b"\xef\xbb\xbf", "Die Datei ist leer"),
        ("bild.csv", b"\x89PNG\r\n\x1a\n", "CSV UTF-8"),
        ("tabelle.xlsx", b"PK\x03\x04abc", "xlsx"),
        ("utf16.csv", b"\xff\xfeN\x00a", "CSV UTF-8"),
        ("unlesbar.csv", b"Name;Ort\n\x81\x8d\xff\x8f;x\n", "CSV UTF-8"),
        ("nullen.csv", "Name;Ort\n".encode("utf-16-le"), "CSV UTF-8"),
        ("namenlos.csv", b"Ort;Farbe\nBerlin;rot\n", "Ort, Farbe"),
    ],
)
def test_file_that_cannot_be_imported_is_explained(centre, tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    assert words in refusal("import_actors", str(path), "--source=osm")
    assert (ImportRun.objects.count(), Actor.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this is not JSON"),
        (b"{", "this is not JSON"),
        (b"\xff\xfe", "this is not JSON"),
        (b"[]", '{"name": '),
        (b"null", "Name, Ort"),
        (b'"Name"', '{"name": '),
        (b'{"name": 1}', '{"name": '),
        (b'{"name": null}', '{"name": '),
        (b'{"name": ["Name"]}', '{"name": '),
        (b'{"colour": "Name"}', "colour"),
        (b'{"name": "Titel"}', "Name, Ort"),
        (b'{"name": ""}', "Name, Ort"),
        (b"{}", "Name, Ort"),
        (b"[" * 100_000, "this is not JSON"),
    ],
)
def test_mapping_that_does_not_fit_is_explained(centre, file, tmp_path, content, words):
    mapping = tmp_path / "spalten.json"
    mapping.write_bytes(content)

    sentence = refusal("import_actors", str(file), "--source=osm", f"--mapping={mapping}")

    assert words in sentence
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--mapping=/nirgends.json", "/nirgends.json: No such file"),
        ("--mapping=/", "Is a directory"),
        ("--centre=nie", "mitte"),
        ("--source=", "at most 50"),
        ("--source=  ", "at most 50"),
        (f"--source={'x' * 51}", "at most 50"),
    ],
)
def test_option_of_an_import_is_explained(centre, file, option, words):
    assert words in refusal("import_actors", str(file), "--source=osm", option)
    assert ImportRun.objects.count() == 0


def test_import_needs_a_centre(db, file):
    assert "manage.py found" in refusal("import_actors", str(file), "--source=osm")


def test_import_goes_where_its_source_went_before_else_to_the_first_centre(db, file):
    CentreFactory(slug="west")
    CentreFactory(slug="mitte")

    call_command("import_actors", str(file), "--source=osm", "--centre=mitte")
    call_command("import_actors", str(file), "--source=osm")
    call_command("import_actors", str(file), "--source=register")

    runs = ImportRun.objects.order_by("pk").values_list("centre__slug", flat=True)
    assert list(runs) == ["mitte", "mitte", "west"]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--carrier=Nie", "Carriers: Büro"),
        ("--centre=nie", "Centres: mitte"),
        ("--role=king", "manager"),
        ("--role=", "manager"),
        ("--from=gestern", "YYYY-MM-DD"),
        ("--from=2026-02-30", "YYYY-MM-DD"),
        ("--to=31.12.2026", "YYYY-MM-DD"),
        ("--to=", "YYYY-MM-DD"),
        ("--to=2020-01-01", "Ende"),
        (f"--name={'x' * 200}", "150"),
    ],
)
def test_option_of_an_appointment_is_explained(centre, option, words):
    command = ["appoint", "b@example.org", "--name=Ben", "--role=desk", "--carrier=Büro"]

    assert words in refusal(*command, option)
    assert User.objects.count() == 0


@pytest.mark.parametrize("email", ["", "niemand", "a@b", "a@example.org\nBcc: b"])
def test_address_that_is_none_appoints_nobody(centre, email):
    assert "E-Mail" in refusal("appoint", email, "--name=Ben", "--role=desk", "--carrier=Büro")
    assert User.objects.count() == 0


def test_who_cannot_sign_in_is_not_appointed(centre):
    former = MandateFactory(user__email="b@example.org", user__is_active=False, centre=centre).user

    sentence = refusal("appoint", former.email, "--role=desk", "--carrier=Büro")

    assert "b@example.org" in sentence
    assert former.mandates.count() == 1


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--land=XX", "HE"),
        ("--town=", "leer"),
        ("--carrier= ", "Name: Dieses Feld darf nicht leer sein"),
        (f"--carrier={'x' * 151}", "150"),
        ("--centre=", "leer"),
        (f"--centre={'x' * 200}", "100"),
        ("--manager=niemand", "E-Mail"),
        ("--manager=", "E-Mail"),
    ],
)
def test_town_that_cannot_be_founded_is_explained(db, option, words):
    assert words in refusal("found", *FOUND, option)
    assert (Town.objects.count(), User.objects.count()) == (0, 0)


def test_demo_town_is_built_once_and_says_how_to_begin_anew(db):
    call_command("demo", stdout=StringIO())
    people = User.objects.count()

    assert "manage.py demo --remove" in refusal("demo")
    assert User.objects.count() == people


def test_demo_town_beside_a_real_one_is_refused_without_offering_to_remove_it(centre):
    assert "--remove" not in refusal("demo")


def test_without_a_demo_town_nothing_is_removed(db):
    assert "nichts entfernt" in refusal("demo", "--remove")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["import_actors", "nirgends.csv", "--source=osm"], "nirgends.csv: No such file"),
        (["appoint", "b@example.org", "--role=desk", "--carrier=Nie"], "Carriers: none yet"),
    ],
)
def test_refusal_at_the_prompt_is_one_line_and_the_status_one(transactional_db, command, words):
    status, output, complaint = at_the_prompt(*command)

    assert (status, output) == (1, "")
    assert words in complaint
    assert len(complaint.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("EMAIL_URL", "gmail"),
        ("SECRET_KEY_FILE", "/nirgends"),
    ],
)
def test_malformed_value_stops_the_start_and_names_itself(tmp_path, name, value):
    local = {"LOCAL_FOLDER": str(tmp_path / "local"), "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}
    if name == "SECRET_KEY_FILE":
        local["SECRET_KEY"] = ""

    status, output, complaint = at_the_prompt("up", **local | {name: value})

    assert (status, output) == (1, "")
    assert complaint.startswith(f"Error: {name} ")
    assert len(complaint.splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_tick_without_a_broker_says_what_it_could_not_queue():
    mail = OutgoingMailFactory()

    status, output, _complaint = at_the_prompt("tick", REDIS_URL=NOWHERE)

    assert status == 0
    counts = json.loads(output)
    assert (counts["failed"], counts["mails"], counts["queued"]) == (0, 0, 0)
    mail.refresh_from_db()
    assert mail.sent_at is None
    assert Tick.objects.get().counts == counts


def test_tick_goes_on_after_a_broker_that_came_back(db, monkeypatch):
    OutgoingMailFactory()
    out = StringIO()
    answers = iter([False, True])
    monkeypatch.setattr(sweeping, "queue", lambda *args: next(answers))

    call_command("tick", stdout=out)
    call_command("tick", stdout=out)

    assert [json.loads(line)["mails"] for line in out.getvalue().splitlines()] == [0, 1]


@pytest.mark.django_db
def test_premises_for_an_unknown_centre_are_refused_in_words():
    assert "there is no centre “nirgends”" in refusal("units_from_actors", "--centre=nirgends")


def test_every_command_of_ours_is_tried_here():
    """`bench` and `screenshots` have no input but names; the rest serves developers. What
    `receive_mail` does with every kind of mail stands in `tests/contacts/mailbox`."""
    names = {
        path.stem
        for app in ("actors", "contacts", "projects", "zentrum/office", "zentrum/local")
        for path in Path(settings.BASE_DIR, app).glob("management/commands/[a-z]*.py")
    }

    tried = {"import_actors", "units_from_actors", "appoint", "found", "demo", "tick", "up"}
    tried |= {"receive_mail"}
    developers = {"bench", "screenshots", "compile_catalogues", "gather_texts", "reloading_worker"}
    assert names == tried | developers
