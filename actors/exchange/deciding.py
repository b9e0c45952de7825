"""What a row of a source means for the directory: compared with what was last taken over.

An empty cell never takes something away, and a category that is gone neither: a later file may lack
whole categories, which never means that the shops closed.
"""

import hashlib
import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actors.exchange.mapping import LABELS
from actors.exchange.models import ImportRow, SourceRecord
from actors.exchange.rows import Values
from actors.exchange.sectors import name_of, unnamed_place
from zentrum.office.models import Centre

Action = ImportRow.Action


@dataclass(frozen=True)
class Decision:
    action: str
    reason: str = ""


def fingerprint(values: Values) -> str:
    """SHA-256 of the values, the order of the categories aside."""
    ordered = values | {"categories": sorted(values.get("categories", []))}
    text = json.dumps(ordered, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _same(new: Values, old: Values) -> bool:
    """Equal, the order of the categories aside."""
    if set(new.get("categories", [])) != set(old.get("categories", [])):
        return False
    return new | {"categories": []} == old | {"categories": []}


def merged(old: Values, new: Values) -> Values:
    """The old values, overruled by the new ones; categories of both."""
    categories = [*old.get("categories", []), *new.get("categories", [])]
    return {**old, **new, "categories": list(dict.fromkeys(categories))}


def display_name(values: Values) -> str:
    """The name, or for a place without one its kind and street."""
    if values.get("name"):
        return values["name"]
    return unnamed_place(next(iter(values.get("categories", [])), ""), values.get("street", ""))


def changed_fields(old: Values, new: Values) -> list[str]:
    return [name for name in new if name != "external_id" and old.get(name) != new[name]]


def in_words(old: Values, new: Values) -> str:
    """What changes, for the preview: “Phone: 030 1 → 030 2”."""
    parts = []
    for name in changed_fields(old, new):
        if name == "categories":
            added = [name_of(c) for c in new[name] if c not in old.get(name, [])]
            parts.append(_("Sector: also %(names)s") % {"names": ", ".join(added)})
        else:
            parts.append(f"{LABELS[name]}: {old.get(name, '–')} → {new[name]}")
    return "; ".join(parts)


def decide(values: Values, record: SourceRecord | None, centre: Centre) -> Decision:
    """What to do with a row whose identifier has this record in the same source (None: unknown)."""
    if record is None:
        unnamed = "" if values.get("name") else _("No name in the file: kept as “%(name)s”.")
        return Decision(Action.CREATE, unnamed and unnamed % {"name": display_name(values)})
    if record.actor.centre_id != centre.pk:
        return Decision(Action.REJECT, _("This identifier belongs to an actor of another centre."))
    return compare(record.values, values)


def compare(old: Values, new: Values) -> Decision:
    both = merged(old, new)
    if _same(both, old):
        return Decision(Action.KEEP)
    return Decision(Action.UPDATE, in_words(old, both))
