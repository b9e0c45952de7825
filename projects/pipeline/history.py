"""How a project's phase and traffic light changed, read from the rows that the triggers keep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from projects.pipeline.models import Project

SHOWN = 100
PHASE_ICON, NOTE_ICON = "arrow-forward", "note"


@dataclass(frozen=True)
class Entry:
    at: datetime
    title: str | Promise
    text: str
    icon: str


def of(project: Project) -> list[Entry]:
    """Its changes of phase and light, newest first. One query."""
    events = project.events.exclude(pgh_label="delete").order_by("pgh_id")
    columns = ("pgh_created_at", "phase", "phase_reason", "light", "light_sentence")
    entries: list[Entry] = []
    before: dict[str, Any] = {}
    for event in events.values(*columns)[:SHOWN]:
        entries += _changes(before, event)
        before = event
    return entries[::-1]


def phases_of(project: Project) -> list[Entry]:
    """The same for everybody: phases with their reasons, newest first. One query."""
    return [entry for entry in of(project) if entry.icon == PHASE_ICON]


def _changes(before: dict, event: dict) -> list[Entry]:
    found = []
    if before.get("phase") != event["phase"]:
        title = dict(Project.Phase.choices)[event["phase"]]
        found.append(Entry(event["pgh_created_at"], title, event["phase_reason"], PHASE_ICON))
    light = (event["light"], event["light_sentence"])
    if before and (before["light"], before["light_sentence"]) != light:
        title = dict(Project.Light.choices)[event["light"]]
        found.append(Entry(event["pgh_created_at"], title, event["light_sentence"], "flag"))
    return found
