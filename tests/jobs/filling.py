"""A disk on which there is no room for more than a few bytes of a file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

ROOM = 20_000  # bytes of one file; the system refuses the rest in the middle of writing


@contextmanager
def full_disk() -> Iterator[None]:
    """The kernel's own limit for this process: what is written beyond it fails half-way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kept_files() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
