"""File locks between processes; the kernel lets go of them when a process dies in any way."""

import fcntl
import os
from pathlib import Path


class Lock:
    """An advisory lock on `path`, not inherited by child processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a")
        os.register_at_fork(after_in_child=self._file.close)

    def wait(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def share(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Take the lock for this process alone, if nobody else holds it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
