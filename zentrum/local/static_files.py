"""Collect the static files when one of them changed since the last time."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> None:
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    state = _state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def _state() -> str:
    """One line per source file: its path and when it was last written."""
    files = [
        (path, storage.path(path)) for finder in get_finders() for path, storage in finder.list([])
    ]
    return "".join(f"{path} {Path(real).stat().st_mtime_ns}\n" for path, real in sorted(files))
