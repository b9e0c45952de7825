"""Spam without puzzles: signs that a machine filled in the form. Never shown to the sender."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from contacts.cases.models import Case
from contacts.intake.models import Reason

FASTEST_SECONDS = 3  # nobody reads four questions and writes an answer in less
MOST_LINKS = 2
MOST_PER_ADDRESS = 5  # receipts a day: nobody floods a stranger's mailbox through our form
LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
MARKUP = re.compile(r"<\s*/?\s*[a-z!]|\[(url|link)\b", re.IGNORECASE)


def find(entries: dict[str, Any], *, is_trapped: bool, seconds: float | None) -> str:
    """The first sign that speaks against a person, or an empty text.

    `seconds` since the form was shown. Once restored from a draft it starts anew; None: unknown.
    """
    words = " ".join(value for value in entries.values() if isinstance(value, str))
    if is_trapped:
        return Reason.TRAP
    if seconds is not None and seconds < FASTEST_SECONDS:
        return Reason.FAST
    if MARKUP.search(words):
        return Reason.MARKUP
    if len(LINK.findall(words)) > MOST_LINKS:
        return Reason.LINKS
    return Reason.FLOOD if _flooded(entries.get("email", "")) else ""


def _flooded(email: str) -> bool:
    if not email:
        return False
    since = timezone.now() - timedelta(days=1)
    recent = Case.objects.filter(sender_email=email.lower(), received_at__gte=since)
    return recent.filter(channel=Case.Channel.ONLINE)[:MOST_PER_ADDRESS].count() == MOST_PER_ADDRESS
