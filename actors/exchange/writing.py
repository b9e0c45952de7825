"""Write what a source says about actors, many at once; what the office changed by hand stays."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor, Address, EmailAddress, PhoneNumber, Sector
from actors.exchange.copying import copy_in, give_keys, update_all
from actors.exchange.deciding import display_name, fingerprint
from actors.exchange.mapping import LABELS
from actors.exchange.models import ImportRow, ImportRun, SourceRecord
from actors.exchange.rows import Values

ACTOR_FIELDS = ("name", "given_name", "legal_form", "website", "description")
NOT_OF = {Actor.Kind.PERSON: "legal_form"}  # else the given name; the database holds it
Contact = tuple[Any, str, tuple[str, str]]  # model, its column, the values of the source
CONTACTS: tuple[Contact, ...] = (
    (EmailAddress, "email", ("email", "email_2")),
    (PhoneNumber, "number", ("phone", "phone_2")),
)
ADDRESS_FIELDS = ("street", "postcode", "town", "latitude", "longitude")
Sectors = dict[str, Sector]


@dataclass
class Pending:
    """An actor of a batch, before and after it: `old` and `new` are the values of the source."""

    actor: Actor
    record: SourceRecord | None
    old: Values = field(default_factory=dict)
    new: Values = field(default_factory=dict)
    rows: list[ImportRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.record:
            self.old = self.new = self.record.values

    @property
    def is_touched(self) -> bool:
        return bool(self.rows)

    def take(self, values: Values, row: ImportRow) -> None:
        self.new = values
        self.rows.append(row)

    def keep_note(self, name: str) -> None:
        """Say in the result that the office's own value was left as it is."""
        note = _("%(field)s stays as the office has it.") % {"field": LABELS[name]}
        self.rows[-1].reason = f"{self.rows[-1].reason} {note}".strip()


def write(batch: list[Pending], run: ImportRun, sectors: Sectors) -> None:
    _create([pending for pending in batch if not pending.record], run, sectors)
    _update([pending for pending in batch if pending.record], sectors)


def _create(batch: list[Pending], run: ImportRun, sectors: Sectors) -> None:
    for pending in batch:
        values = {name: pending.new.get(name, "") for name in ACTOR_FIELDS}
        values["name"] = display_name(pending.new)
        for name, value in values.items():
            setattr(pending.actor, name, value)
        if values["given_name"]:
            pending.actor.kind = Actor.Kind.PERSON
    actors = [pending.actor for pending in batch]
    give_keys(actors)
    copy_in(actors)
    copy_in([_address(pending) for pending in batch if _has_address(pending.new)])
    for model, column, names in CONTACTS:
        new = [
            _contact(model, pending.actor, column, pending.new[name], is_first=name == names[0])
            for pending in batch
            for name in names
            if name in pending.new
        ]
        copy_in(new)
    copy_in(_new_sectors(batch, sectors))
    copy_in([_record(pending, run) for pending in batch])


def _record(pending: Pending, run: ImportRun) -> SourceRecord:
    return SourceRecord(
        source=run.source,
        external_id=pending.new["external_id"],
        actor=pending.actor,
        values=pending.new,
        fingerprint=fingerprint(pending.new),
        last_seen_at=timezone.now(),
    )


def _contact(model: Any, actor: Actor, column: str, value: str, *, is_first: bool) -> Any:
    row = model(actor=actor, **{column: value})
    if isinstance(row, EmailAddress):
        row.is_main = is_first
    return row


def _has_address(values: Values) -> bool:
    return any(name in values for name in ADDRESS_FIELDS)


def _address(pending: Pending) -> Address:
    address = Address(actor=pending.actor)
    for name in ADDRESS_FIELDS:
        setattr(address, name, pending.new.get(name, getattr(address, name)))
    return address


def _new_sectors(batch: list[Pending], sectors: Sectors) -> list[Any]:
    """The links that are missing, each once: two words of a source may mean the same sector."""
    through = Actor.sectors.through
    pairs = {
        (pending.actor.pk, sectors[category].pk): None
        for pending in batch
        for category in pending.new.get("categories", [])
        if category not in pending.old.get("categories", [])
    }
    return [through(actor_id=actor, sector_id=sector) for actor, sector in pairs]


def _update(batch: list[Pending], sectors: Sectors) -> None:
    if not batch:
        return
    actors = Actor.objects.in_bulk([pending.actor.pk for pending in batch])
    for pending in batch:
        pending.actor = actors[pending.actor.pk]
    children = {model: _children(model, batch) for model in (Address, EmailAddress, PhoneNumber)}
    changes, records = Changes(), []
    for pending in batch:
        _take_over_fields(pending, changes)
        _take_over_address(pending, children[Address], changes)
        for contact in CONTACTS:
            _take_over_contacts(pending, contact, children[contact[0]], changes)
        if record := pending.record:
            record.values, record.fingerprint = pending.new, fingerprint(pending.new)
            records.append(record)
    changes.save()
    links = _new_sectors(batch, sectors)
    Actor.sectors.through.objects.bulk_create(links, ignore_conflicts=True)
    update_all(records, ["values", "fingerprint"])


@dataclass
class Changes:
    """Rows to write at the end of a batch."""

    actors: list[Actor] = field(default_factory=list)
    changed: dict[type[Model], list] = field(default_factory=dict)
    new: dict[type[Model], list] = field(default_factory=dict)

    def save(self) -> None:
        now = timezone.now()
        for actor in self.actors:
            actor.version += 1
            actor.updated_at = now
        update_all(self.actors, [*ACTOR_FIELDS, "version", "updated_at"])
        for model, names in FIELDS_OF.items():
            update_all(self.changed.get(model, []), names)
            model.objects.bulk_create(self.new.get(model, []), ignore_conflicts=True)


FIELDS_OF: dict[Any, list[str]] = {
    Address: [*ADDRESS_FIELDS],
    EmailAddress: ["email"],
    PhoneNumber: ["number"],
}


def _children(model: Any, batch: list[Pending]) -> dict[int, list]:
    """The rows of these actors, by actor, in the model's own order."""
    found: dict[int, list] = {}
    for row in model.objects.filter(actor__in=[pending.actor for pending in batch]):
        found.setdefault(row.actor_id, []).append(row)
    return found


def _take_over_fields(pending: Pending, changes: Changes) -> None:
    actor, before, after = pending.actor, dict(pending.old), dict(pending.new)
    before["name"], after["name"] = display_name(pending.old), display_name(pending.new)
    foreign = NOT_OF.get(Actor.Kind(actor.kind), "given_name")
    if after.pop(foreign, "") != before.get(foreign, ""):
        pending.keep_note(foreign)
    touched = [_set(pending, actor, name, before, after) for name in ACTOR_FIELDS]
    if any(touched):
        changes.actors.append(actor)


def _take_over_address(pending: Pending, rows: dict[int, list], changes: Changes) -> None:
    if not _has_address(pending.new):
        return
    address = next((row for row in rows.get(pending.actor.pk, []) if row.is_main), None)
    if address is None:
        if any(pending.new.get(n) != pending.old.get(n) for n in ADDRESS_FIELDS):
            changes.new.setdefault(Address, []).append(_address(pending))
        return
    touched = [_set(pending, address, n, pending.old, pending.new) for n in ADDRESS_FIELDS[:3]]
    touched.append(_set_position(pending, address))
    if any(touched):
        changes.changed.setdefault(Address, []).append(address)


def _set(pending: Pending, row: Any, name: str, old: Values, new: Values) -> bool:
    """Take a changed value over, unless the office has put its own in its place."""
    if name not in new or new[name] == old.get(name) or getattr(row, name) == new[name]:
        return False
    if getattr(row, name) not in ("", None, old.get(name)):
        pending.keep_note(name)
        return False
    setattr(row, name, new[name])
    return True


def _set_position(pending: Pending, address: Address) -> bool:
    """Like _set, for the two halves together."""
    names = ("latitude", "longitude")
    before, after = ([values.get(n) for n in names] for values in (pending.old, pending.new))
    stored = [address.latitude, address.longitude]
    if after in (before, stored) or None in after:
        return False
    if stored not in ([None, None], before):
        pending.keep_note("latitude")
        return False
    address.latitude, address.longitude = after
    return True


def _take_over_contacts(
    pending: Pending, contact: Contact, rows: dict[int, list], changes: Changes
) -> None:
    """What the source gives now takes the place of what it gave before, and of nothing else."""
    model, column, names = contact
    before, after = ([v[n] for n in names if n in v] for v in (pending.old, pending.new))
    if before == after:
        return
    stored = {getattr(row, column): row for row in rows.get(pending.actor.pk, [])}
    outdated = [stored[value] for value in before if value in stored and value not in after]
    coming = [value for value in after if value not in stored and value not in before]
    for row, value in zip(outdated, coming, strict=False):
        setattr(row, column, value)
        changes.changed.setdefault(model, []).append(row)
    for place, value in enumerate(coming[len(outdated) :]):
        row = _contact(model, pending.actor, column, value, is_first=not stored and place == 0)
        changes.new.setdefault(model, []).append(row)
