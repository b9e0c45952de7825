"""A mail server of the suite's own that takes, refuses or hangs."""

import socket
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Sink:
    """Keeps what it accepts; `answer` is for a recipient, `answer_data` for a message.

    `refused` names recipients that get an answer of their own; `envelopes` are whom it went to.
    """

    def __init__(self):
        self.messages: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.answer = "250 OK"
        self.answer_data = "250 OK"
        self.arrived = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.refused.get(address, self.answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer_data.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append(envelope.rcpt_tos)
        self.arrived.set()
        return self.answer_data


@pytest.fixture
def smtp_server(settings):
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield sink
    controller.stop()
