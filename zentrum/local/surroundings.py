"""What `manage.py` finds around it on a developer's machine or a first try-out.

Every value that the environment gives is kept; what is missing comes from `.local/`: PostgreSQL,
Redis, a folder for outgoing mail, a secret key. Production gives all of them, so nothing starts.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from zentrum import env
from zentrum.local import claiming, secret_files, sharing
from zentrum.local.postgresql import PostgreSQL
from zentrum.local.redis_server import RedisServer

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local").resolve()
WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compile_catalogues",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}


@contextmanager
def settled(arguments: list[str]) -> Iterator[None]:
    """Complete os.environ for `manage.py <arguments>` and keep the servers running meanwhile."""
    command = arguments[0] if arguments else "help"
    signal.signal(signal.SIGTERM, _leave)  # so that the servers are stopped, as after Ctrl-C
    with ExitStack() as stack:
        if command == "up":
            stack.enter_context(claiming.sole_run(FOLDER, port()))
            (FOLDER / "port").write_text(str(port()))
        if command == "up" or not given("SECRET_KEY"):
            _complete_environment()
        if _needs_servers(command, arguments):
            _start_servers(stack)
        else:
            os.environ.setdefault("DATABASE_URL", "postgres://zentrum@127.0.0.1/zentrum")
            os.environ.setdefault("REDIS_URL", "redis://127.0.0.1/0")
        yield


def given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def port() -> int:
    """The port of the web server that `manage.py up` starts."""
    return env.integer("PORT", default=8000, minimum=1, maximum=65535)


def _base_url() -> str:
    """Where the portal is reached: the other commands write links to the one that runs."""
    noted = FOLDER / "port"
    return f"http://localhost:{noted.read_text() if noted.exists() else port()}"


def _complete_environment() -> None:
    FOLDER.mkdir(exist_ok=True)
    FOLDER.chmod(0o711)  # the user who runs PostgreSQL for root passes through
    local = {
        "EMAIL_URL": f"file://{quote(str(FOLDER / 'mail'))}",
        "BASE_URL": _base_url(),
        "STATIC_ROOT": str(FOLDER / "static"),
        "MEDIA_ROOT": str(FOLDER / "media"),
        "TILE_CACHE": str(FOLDER / "tiles"),
        "HTTPS": "false",
        "DEMO": "true",
    }
    if not given("SECRET_KEY"):
        local["SECRET_KEY"] = secret_files.read_or_make(FOLDER / "secret_key")
    for name, value in local.items():
        if not given(name):
            os.environ[name] = value


def _needs_servers(command: str, arguments: list[str]) -> bool:
    only_help = command.startswith("-") or {"-h", "--help"} & set(arguments)
    return command not in WITHOUT_SERVERS and not only_help


def _start_servers(stack: ExitStack) -> None:
    embedded: dict[str, sharing.Server] = {
        "DATABASE_URL": PostgreSQL(FOLDER / "postgresql"),
        "REDIS_URL": RedisServer(FOLDER / "redis"),
    }
    missing = {name: server for name, server in embedded.items() if not given(name)}
    if not missing:
        return
    stack.enter_context(sharing.running(list(missing.values()), FOLDER))
    os.environ |= {name: server.url for name, server in missing.items()}


def _leave(signum: int, frame: FrameType | None) -> None:
    sys.exit(128 + signum)
