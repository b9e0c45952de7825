"""A mail server that takes what it is given, holds it back, or is not there at all."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from zentrum.local import ports


class Sink:
    """Listens on one port, also after a stop and a new start.

    `accepted` are Message-IDs, `messages` the mails, `recipients` whom they went to. `refused`
    names recipients that get an answer of their own, `holds_for` those at whom it hangs.
    """

    def __init__(self) -> None:
        self.port = ports.any_free()
        self.accepted: list[str] = []
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused: dict[str, str] = {}
        self.holds_for: set[str] = set()
        self.held = 0
        self.holds = False
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @contextmanager
    def mute(self) -> Iterator[None]:
        """On the same port a server that takes connections and never says a word."""
        self.stop()
        with socket.create_server(("127.0.0.1", self.port)):
            yield
        self.start()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        answer = self.refused.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.holds or self.holds_for & set(envelope.rcpt_tos):
            self.held += 1
            await asyncio.sleep(3600)  # until the client is gone: the message is never accepted
        message = message_from_bytes(envelope.content, policy=default)
        self.messages.append(message)
        self.accepted.append(message["Message-ID"])
        self.recipients += envelope.rcpt_tos
        return "250 OK"
