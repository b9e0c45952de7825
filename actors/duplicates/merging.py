"""Two actors become one, and two again."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor, Address
from actors.duplicates import recording
from actors.duplicates.models import Candidate, Merge
from actors.duplicates.moving import move_all, relations
from actors.duplicates.recording import Record
from zentrum.accounts.models import User

UNDO_DAYS = 30
FIELDS = ("name", "given_name", "legal_form", "website", "description", "centre_id")
Versions = tuple[int, int]


@transaction.atomic
def merge(
    kept: Actor,
    merged: Actor,
    *,
    by: User,
    values: dict[str, Any],
    main_address: Address | None = None,
    versions: Versions | None = None,
) -> Merge:
    """Move everything of one actor to the other; the merged one stays, archived, as a signpost.

    `values` are what the kept actor is called from now on, by field of FIELDS. Raises
    ValidationError when one of them was merged before, is of another kind, or has changed since
    `versions` were shown (code "stale"). Both rows are locked, the smaller key first: two merges
    the other way round cannot wait for each other for ever.
    """
    _lock(kept, merged)
    _check(kept, merged, versions)
    record = Record()
    before = {name: getattr(kept, name) for name in (*FIELDS, "kind")}
    move_all(kept, merged, record)
    _choose_address(kept, main_address, record)
    _archive(merged, kept, record)
    _take(kept, merged, values, record)
    _hand_on_decisions(kept, merged, record)
    return Merge.objects.create(
        kept=kept, merged=merged, by=by, before=before, moved=record.entries
    )


def _lock(kept: Actor, merged: Actor) -> None:
    if kept.pk == merged.pk:
        raise ValidationError(_("An actor cannot be merged with itself."))
    locked = Actor.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk])
    rows = {actor.pk: actor for actor in locked.order_by("pk")}
    for actor in (kept, merged):
        actor.__dict__.update(rows[actor.pk].__dict__)


def _check(kept: Actor, merged: Actor, versions: Versions | None) -> None:
    if kept.merged_into_id or merged.merged_into_id:
        raise ValidationError(_("One of the two was merged into another actor already."))
    if kept.archived_at:
        raise ValidationError(_("The actor that stays is archived: bring it back first."))
    if (kept.kind == Actor.Kind.PERSON) != (merged.kind == Actor.Kind.PERSON):
        raise ValidationError(_("A person and an organisation are not the same actor."))
    if versions is not None and versions != (kept.version, merged.version):
        raise ValidationError(
            _("Somebody changed one of the two in the meantime. Please look again."), code="stale"
        )


def _choose_address(kept: Actor, chosen: Address | None, record: Record) -> None:
    """The chosen address stands on the map. One that went into its twin needs no choice."""
    if chosen is None or not (row := kept.addresses.filter(pk=chosen.pk).first()):
        return
    for other in kept.addresses.filter(is_main=True).exclude(pk=row.pk):
        record.change(other, is_main=False)
    record.change(row, is_main=True)


def _archive(merged: Actor, kept: Actor, record: Record) -> None:
    moment = merged.archived_at or timezone.now()
    record.change(merged, archived_at=moment, merged_into_id=kept.pk)


def _take(kept: Actor, merged: Actor, values: dict[str, Any], record: Record) -> None:
    changes = {name: value for name, value in values.items() if name in FIELDS}
    if Actor.Kind.BODY in (kept.kind, merged.kind):  # an organisation and a body: it is a body
        changes["kind"] = Actor.Kind.BODY.value
    record.change(kept, **changes)
    kept.full_clean(exclude=["merged_into"])
    kept.refresh_from_db()


def _hand_on_decisions(kept: Actor, merged: Actor, record: Record) -> None:
    """Who is not the same as the merged actor is not the same as the kept one either."""
    decided = Candidate.objects.filter(decided_at__isnull=False)
    for pair in decided.filter(Q(first=merged) | Q(second=merged)):
        third = pair.second_id if pair.first_id == merged.pk else pair.first_id
        first, second = sorted((kept.pk, third))
        if first == second:
            continue
        twin = Candidate.objects.filter(first=first, second=second).first()
        decision = {"decided_at": pair.decided_at, "decided_by_id": pair.decided_by_id}
        if twin is None:
            new = {"first_id": first, "second_id": second, "score": pair.score, "reasons": []}
            record.create(Candidate(**new, **decision))
        elif twin.decided_at is None:
            record.change(twin, **decision)


@dataclass
class Undone:
    """What could not be put back, as numbers of rows by the name of their kind."""

    left: Counter = field(default_factory=Counter)


def is_undoable(merge: Merge) -> bool:
    return merge.undone_at is None and timezone.now() < undoable_until(merge)


def undoable_until(merge: Merge) -> Any:
    return merge.created_at + timedelta(days=UNDO_DAYS)


@transaction.atomic
def undo(merge: Merge) -> Undone:
    """Make two actors of one again, as far as the rows are still as the merge left them.

    Raises ValidationError after 30 days, the second time, or while a later merge stands above it.
    """
    _lock_both(merge)
    _check_undo(merge)
    undone = Undone()
    for entry in reversed(merge.moved):
        if not _take_back(entry):
            names = apps.get_model(entry["model"])._meta.verbose_name_plural
            undone.left[str(names)] += len(entry.get("pks", [0]))
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at", "updated_at"])
    return undone


def _lock_both(merge: Merge) -> None:
    """The actors in key order, as whoever merges takes them; only then the merge is read."""
    pks = [merge.kept_id, merge.merged_id]
    list(Actor.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    merge.refresh_from_db()


def _check_undo(merge: Merge) -> None:
    if merge.undone_at:
        raise ValidationError(_("This merge was undone already."))
    if timezone.now() >= undoable_until(merge):
        raise ValidationError(_("A merge can be undone for 30 days. This time is over."))
    later = Merge.objects.filter(
        Q(kept=merge.kept_id) | Q(merged=merge.kept_id), pk__gt=merge.pk, undone_at__isnull=True
    )
    if later.exists():
        raise ValidationError(_("The actor was merged again later. Undo the later merge first."))


def _take_back(entry: recording.Entry) -> bool:
    try:
        with transaction.atomic():
            return recording.take_back(entry)
    except DatabaseError:  # a rule of the table, or a row that is needed is gone
        return False


def move_late() -> int:
    """Move what was entered for a merged actor after the merge, from a form that stood open.

    Returns for how many actors. Each is a transaction of its own; a second run finds nothing.
    """
    late: set[int] = set()
    for key in relations(Actor):
        rows = key.model._base_manager.filter(**{f"{key.name}__merged_into__isnull": False})
        late.update(rows.order_by().values_list(key.attname, flat=True).distinct())
    for pk in sorted(late):
        _move_late(pk)
    return len(late)


@transaction.atomic
def _move_late(pk: int) -> None:
    merge = Merge.objects.filter(merged=pk, undone_at__isnull=True).first()
    if merge is None:
        return
    _lock_both(merge)
    if merge.undone_at:
        return
    record = Record()
    move_all(merge.kept, merge.merged, record)
    merge.moved = [*merge.moved, *record.entries]
    merge.save(update_fields=["moved", "updated_at"])


def forget_old() -> int:
    """Empty the records of merges that nobody can undo any more; returns how many.

    What moved stands in the history as well; values of people are not kept twice for ever.
    """
    limit = timezone.now() - timedelta(days=UNDO_DAYS)
    old = Merge.objects.filter(created_at__lte=limit).exclude(moved=[], before={})
    return old.update(moved=[], before={})
