"""A comparison in words, and what a merge would move."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actors.directory.models import Actor
from actors.duplicates.comparing import PROPOSED_FROM
from actors.duplicates.models import Candidate, Merge
from actors.duplicates.moving import relations

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone"),
    "website": gettext_lazy("Website"),
    "address": gettext_lazy("Address"),
    "near": gettext_lazy("Address"),
    "elsewhere": gettext_lazy("Address"),
}
# Shown with their values beside each other, or so small that nobody counts them.
IN_SIGHT = {"actors.EmailAddress", "actors.PhoneNumber", "actors.Address", "actors.Actor_sectors"}


@dataclass(frozen=True)
class Reason:
    """One line of the comparison: what was compared, both values, what it says."""

    label: str
    first: str
    second: str
    verdict: str
    tone: str
    points: str


def reasons_of(reasons: Iterable[dict[str, Any]]) -> list[Reason]:
    return [_reason(reason) for reason in reasons]


def in_words(reasons: Iterable[dict[str, Any]]) -> str:
    """What speaks for one actor, in a line: “Name: 91 of 100 alike; Phone: the same”."""
    lines = [_reason(reason) for reason in reasons if reason["points"] > 0]
    return "; ".join(f"{line.label}: {line.verdict}" for line in lines)


def _reason(reason: dict[str, Any]) -> Reason:
    points = reason["points"]
    tone = "success" if points > 0 else "danger" if points < 0 else "neutral"
    label = str(LABELS.get(reason["field"], reason["field"]))
    sign = f"+{points}" if points > 0 else f"{points}".replace("-", "−")
    return Reason(label, reason["first"], reason["second"], _verdict(reason), tone, sign)


def _verdict(reason: dict[str, Any]) -> str:
    kind: str = reason["field"]
    metres: Any = reason.get("metres")
    if kind == "name":
        return _("%(score)s of 100 alike") % {"score": reason["score"]}
    if kind == "near":
        return ngettext("%(metres)s metre apart", "%(metres)s metres apart", metres) % {
            "metres": metres
        }
    if kind == "elsewhere":
        far = _("%(metres)s metres apart") % {"metres": metres}
        return far if metres is not None else _("another one")
    if reason["points"] > 0:
        return _("the same")
    return _("same domain") if reason["score"] else _("another one")


def is_proposed(candidate: Candidate) -> bool:
    return candidate.score >= PROPOSED_FROM


def hanging_on(actor: Actor) -> list[tuple[str, int]]:
    """What a merge moves with an actor: the kinds of rows in words, and how many."""
    counts: Counter[str] = Counter()
    for field in relations(Actor):
        if field.model._meta.label not in IN_SIGHT:
            rows = field.model._base_manager.filter(**{field.attname: actor.pk})
            counts[str(field.model._meta.verbose_name_plural)] += rows.count()
    return sorted((name, count) for name, count in counts.items() if count)


def moved_by(merge: Merge) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for entry in merge.moved:
        model = apps.get_model(entry["model"])
        if model is not Actor:
            counts[str(model._meta.verbose_name_plural)] += len(entry.get("pks", [0]))
    return sorted(counts.items())
