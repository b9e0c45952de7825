"""Run a worker's part of the benchmark in a process of its own, as a worker is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def in_a_worker(name: str, *arguments: object, **surroundings: str) -> dict[str, float]:
    """The figures that the module `name` of this package prints, on the benchmark's database."""
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    place = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    surroundings |= {
        "DJANGO_SETTINGS_MODULE": "zentrum.settings",
        "DATABASE_URL": f"postgres://{login}@{place}",
    }
    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.{name}", *map(str, arguments)],
        env=os.environ | surroundings,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def peak_megabytes() -> int:
    """The most memory that this process has held.

    Not `ru_maxrss`: that begins with the size of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) // 1024
