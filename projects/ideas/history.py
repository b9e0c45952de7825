"""What happened to an idea, read from the rows that the database's triggers keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.ideas.models import Idea
from zentrum.accounts.models import User

SHOWN = 100


@dataclass(frozen=True)
class Entry:
    at: datetime
    title: str
    text: str
    user_id: int | None
    icon: str
    user: User | None = None
    remark: str = ""  # for the office alone


def of(idea: Idea, joined: Iterable[Any] = ()) -> list[Entry]:
    """Its changes of state, releases and confirmations, newest first. Two queries.

    `joined`: the cases whose senders joined it, as far as the reader may see them.
    """
    events = idea.events.exclude(pgh_label="delete").select_related("pgh_context")
    entries: list[Entry] = []
    before = None
    for event in events.order_by("pgh_id")[:SHOWN]:
        entries += _changes(before, event)
        before = event
    entries += [
        Entry(case.joined_at, _("joined: %(case)s") % {"case": case}, "", None, "add")
        for case in joined
    ]
    entries.sort(key=lambda entry: entry.at)
    people = User.objects.in_bulk({entry.user_id for entry in entries if entry.user_id})
    return [
        Entry(**{**vars(entry), "user": people.get(entry.user_id)}) for entry in reversed(entries)
    ]


def day_of(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _changes(before, event) -> list[Entry]:
    context = event.pgh_context.metadata if event.pgh_context else {}
    at, who = event.pgh_created_at, context.get("user")
    found = []
    if before is None or (before.state, before.returns_on) != (event.state, event.returns_on):
        state = dict(Idea.State.choices).get(event.state, event.state)
        if event.returns_on:
            state = _("in the pool of ideas until %(day)s") % {"day": day_of(event.returns_on)}
        found.append(Entry(at, str(state), event.reason, who, "flag", remark=event.remark))
    if before is not None and before.author_confirmed_at is None and event.author_confirmed_at:
        found.append(Entry(at, _("author confirmed"), "", who, "check"))
    was_public, is_public = bool(before and before.released_at), bool(event.released_at)
    if is_public and not was_public:
        found.append(Entry(at, _("released"), "", who, "visibility"))
    if was_public and not is_public:
        found.append(Entry(at, _("release withdrawn"), "", who, "visibility-off"))
    return found
