"""A mail server that takes everything and keeps nothing; runs as a process of its own."""

import signal
import sys

from aiosmtpd.controller import Controller


class Taker:
    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Taker(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()
