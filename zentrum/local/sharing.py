"""Start the embedded servers for the first command that needs them, stop them after the last."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from zentrum.local.locks import Lock


class Server(Protocol):
    @property
    def url(self) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def running(servers: Sequence[Server], folder: Path) -> Iterator[None]:
    """Keep `servers` running for the block, together with every other process that does the same.

    Users of the servers hold a shared lock. Whoever leaves and finds no other user stops them; a
    second lock orders starts and stops. A user that was killed holds no lock, so servers it left
    behind serve the next one and are stopped by it.
    """
    turn, use = Lock(folder / "turn.lock"), Lock(folder / "use.lock")
    turn.wait()
    use.share()
    try:
        for server in servers:
            server.start()
        turn.release()
        yield
    finally:
        turn.wait()
        if use.try_alone():
            for server in servers:
                server.stop()
        use.release()
        turn.release()
