import os
import re
import shutil
import signal
import socket
import tempfile
from pathlib import Path

import pytest

from tests.local.portal import LocalPortal

COUNT_USERS = "from zentrum.accounts.models import User; print(User.objects.count())"


@pytest.fixture
def portal():
    home = Path(tempfile.mkdtemp(prefix="zentrum-tests-up-"))
    home.chmod(0o711)  # as a checkout that everybody may enter
    portal = LocalPortal(home / "local")
    yield portal
    portal.end()
    shutil.rmtree(home)


def test_up_survives_being_killed_keeps_its_data_and_ends_without_a_trace(portal):
    portal.start()

    assert f"Zentrum runs at http://localhost:{portal.port}\n" in portal.output()
    assert "leitung@birkenfurt.example" in portal.output()
    assert portal.status_of("/konto/login/") == 200

    portal.run.kill()
    portal.run.wait()
    portal.start()

    assert "Building the demo town" not in portal.output()
    assert portal.status_of("/konto/login/") == 200

    portal.run.send_signal(signal.SIGTERM)

    assert portal.run.wait(30) == 0, portal.output()
    assert portal.processes() == []


def test_up_is_alone_shares_its_database_and_stops_when_a_part_of_it_ends(portal):
    portal.start(DEMO="false")

    assert portal.command("up") == (
        1,
        "Error: Zentrum already runs from this folder. Stop it first (Ctrl-C there).",
    )
    assert portal.command("shell", "--verbosity=0", "--command", COUNT_USERS) == (0, "0")
    assert portal.status_of("/konto/login/") == 200  # the command stopped nothing

    beat = re.search(r"beat started \(pid=(\d+)\)", portal.output())
    os.kill(int(beat[1]), signal.SIGKILL)

    assert portal.run.wait(30) == 1
    assert "beat ended by itself, so everything stopped." in portal.output()
    assert portal.processes() == []


def test_command_brings_up_the_database_and_takes_it_down_again(portal):
    assert portal.command("migrate", "--verbosity=0", "accounts") == (0, "")
    assert portal.command("shell", "--verbosity=0", "--command", COUNT_USERS) == (0, "0")
    assert portal.processes() == []
    assert (portal.folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_command_that_needs_no_database_starts_none(portal):
    status, _output = portal.command("check")

    assert status == 0
    assert not (portal.folder / "postgresql").exists()


def test_taken_port_is_said_before_anything_starts(portal):
    with socket.create_server(("127.0.0.1", portal.port)):
        status, output = portal.command("up")

    assert status == 1
    assert output.startswith(f"Error: Port {portal.port} is taken by another program. Choose one:")
    assert not (portal.folder / "postgresql").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("DATABASE_URL", "mysql://zentrum:geheim@localhost/zentrum"),
        ("ALLOWED_HOSTS", "https://portal.example.org"),
    ],
)
def test_malformed_value_stops_the_start_and_names_itself(portal, name, value):
    status, output = portal.command("up", **{name: value})

    assert status == 1
    assert output.startswith(f"Error: {name} is malformed. Expected: ")
    assert value not in output
    assert portal.processes() == []
