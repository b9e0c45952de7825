"""Run the portal's processes side by side until one ends or somebody asks to stop."""

import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

from honcho.manager import Manager


class Supervisor(Manager):
    """Honcho's manager, with signals only noted, so that its own loop ends the processes.

    Honcho ends them inside the signal handler, which fails in the first moments of a start.
    """

    def __init__(self, port: int, when_ready: Callable[[], None]) -> None:
        super().__init__()
        self.asked_to_stop = False
        self._port = port
        self._when_ready = when_ready

    def ended_first(self) -> str:
        """The name of a process that ended by itself."""
        return next((name for name, state in self._processes.items() if "first" in state), "")

    def _start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        super()._start()
        threading.Thread(target=self._wait_for_web, daemon=True).start()

    def _note(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _any_stopped(self) -> bool:
        return self.asked_to_stop or super()._any_stopped()

    def terminate(self) -> None:
        if not self.asked_to_stop and not self._terminating:
            for state in self._processes.values():
                if state.get("returncode") is not None:
                    state["first"] = True
        super().terminate()

    def _wait_for_web(self) -> None:
        while not self._terminating:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    self._when_ready()
                    return
            time.sleep(0.1)
