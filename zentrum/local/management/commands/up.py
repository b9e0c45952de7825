import os
import sys
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from zentrum.local import catalogues, static_files, supervising, surroundings
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.local.processes import PROCESSES, RELOADING


class Command(BaseCommand):
    help = "Set up and run the whole portal on this machine: database, web, worker and beat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--reload", action="store_true", help="restart when code changes")

    def handle(self, *args, **options):
        catalogues.compile_all([Path(path) for path in settings.LOCALE_PATHS])
        call_command("migrate", verbosity=0)
        if not options["reload"]:
            static_files.collect()
        if settings.DEMO and not get_user_model().objects.exists():
            self.stdout.write("Building the demo town …")
            call_command("demo")
        call_command("tick", stdout=StringIO())  # the clock is right from the first page on
        self._run(RELOADING if options["reload"] else PROCESSES)

    def _run(self, processes: dict[str, str]) -> None:
        port = surroundings.port()
        greeting = _greeting()
        connections.close_all()  # none is passed on to the processes below
        supervisor = supervising.Supervisor(port, lambda: self.stdout.write(greeting))
        surround = _environment(port)
        for name, command in processes.items():
            line = command.format(port=port)
            supervisor.add_process(name, f"exec {line}", env=surround, cwd=settings.BASE_DIR)
        supervisor.loop()
        if not supervisor.asked_to_stop:
            raise CommandError(
                f"{supervisor.ended_first()} ended by itself, so everything stopped."
            )
        self.stdout.write("Stopped.")


def _greeting() -> str:
    lines = [f"Zentrum runs at {settings.BASE_URL}"]
    users = get_user_model().objects.filter(email__in=[email for email, _name, _role in PEOPLE])
    if settings.DEMO and users.exists():
        lines.append(f"Sign in (password of all: {PASSWORD}) as")
        lines += [f"    {email:<32} {name}, {role.label}" for email, name, role in PEOPLE]
    lines.append("Ctrl-C stops it.")
    return "\n" + "\n".join(lines) + "\n\n"


def _environment(port: int) -> dict[str, str]:
    programs = str(Path(sys.executable).parent)
    defaults = {"WEB_CONCURRENCY": "2", "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port}"}
    search = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    return defaults | os.environ | {"PATH": search, "PYTHONUNBUFFERED": "1"}
