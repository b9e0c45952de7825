"""What the public forms write into a submission, and how a case reads it."""

import calendar
from datetime import date
from typing import Any

from django.utils import timezone

from contacts.cases.models import Case
from contacts.intake import drafts
from contacts.intake.models import Submission
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.office.models import Centre


def of(submission: Submission) -> dict[str, Any]:
    """The arguments for `services.receive()`."""
    data = submission.data
    kind = data.get("kind", Case.Kind.IDEA)
    return {
        "kind": kind,
        "channel": Case.Channel.ONLINE,
        "subject": data["title"],
        "text": data["text"],
        "centre": Centre.objects.select_related("town", "carrier").get(pk=data["centre"]),
        "sender_name": data.get("name", ""),
        "sender_email": data.get("email", ""),
        "sender_phone": data.get("phone", ""),
        "place": data.get("place", ""),
        "latitude": data.get("latitude"),
        "longitude": data.get("longitude"),
        "reply_by": in_one_month(timezone.localdate()) if kind == Case.Kind.BARRIER else None,
        "language": submission.language,
        "files": drafts.files_of(submission),
        "idea": _joined(data.get("joins")),
        "project": Project.objects.filter(pk=data.get("joins_project")).first(),
    }


def _joined(pk: int | None) -> Idea | None:
    """The idea that the sender joins; what was merged meanwhile goes on in the other one."""
    idea = Idea.objects.select_related("merged_into").filter(pk=pk).first() if pk else None
    seen: set[int] = set()
    while idea and idea.merged_into and idea.pk not in seen:
        seen.add(idea.pk)
        idea = idea.merged_into
    return idea


def in_one_month(day: date) -> date:
    """The same day of the next month, or its last one: the time to answer a barrier report
    (one month, as the accessibility ordinances of the Länder ask for)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
