"""Outgoing mail of a local run: each one a readable .eml file in a folder."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.crypto import get_random_string


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set by env.mail()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            moment = timezone.localtime().strftime("%Y-%m-%d_%H-%M-%S")
            path = folder / f"{moment}_{get_random_string(6)}.eml"
            draft = path.with_suffix(".draft")  # nobody reads half a mail
            draft.write_bytes(message.message().as_bytes())
            draft.rename(path)
        return len(email_messages)
