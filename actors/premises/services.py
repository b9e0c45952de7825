"""Write premises and what stands in them; one person at a time per unit."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.premises.models import Occupancy, Unit

STALE = _("Somebody else changed these premises in the meantime. Both versions are shown below.")
STALE_STATE = _("Somebody else changed this entry in the meantime. Please look at it again.")
ONE_DAY = timedelta(days=1)


@transaction.atomic
def update_unit(unit: Unit, *, version: int | None) -> Unit:
    """Save changed premises, if nobody else did since `version` was shown.

    Raises ValidationError with the code "stale" otherwise. The row lock lets two people save at
    once: one of them wins, the other one hears of it.
    """
    locked = Unit.objects.select_for_update(of=("self",)).filter(pk=unit.pk)
    if locked.values_list("version", flat=True).get() != version:
        raise ValidationError(STALE, code="stale")
    unit.version += 1
    unit.full_clean()
    unit.save()
    return unit


@transaction.atomic
def set_archived(unit: Unit, moment: Any) -> None:
    """Take premises out of the lists, or (without a moment) bring them back; nothing is lost."""
    unit.refresh_from_db(from_queryset=Unit.objects.select_for_update(of=("self",)))
    if (unit.archived_at is None) == (moment is None):
        return
    unit.archived_at = moment
    unit.version += 1
    unit.save(update_fields=["archived_at", "version", "updated_at"])


def archive_unit(unit: Unit) -> None:
    set_archived(unit, timezone.now())


def unarchive_unit(unit: Unit) -> None:
    set_archived(unit, None)


def lock_unit(pk: int) -> None:
    """Whoever writes occupancies of a unit waits for the others (until commit)."""
    Unit.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("pk").get()


@transaction.atomic
def add_occupancy(occupancy: Occupancy, *, ends_previous: bool) -> Occupancy:
    """Note what stands in a unit from a day on; if wished, what stood there ends the day before.

    The same entry sent twice is there once. Raises ValidationError when another state holds in
    this time.
    """
    lock_unit(occupancy.unit_id)
    if twin := _twin(occupancy):
        return twin
    if ends_previous:
        end_before(occupancy.unit_id, occupancy.starts_on)
    occupancy.full_clean()
    occupancy.save()
    return occupancy


def _twin(occupancy: Occupancy) -> Occupancy | None:
    """The same entry, saved by an earlier press of the same button."""
    names = ("unit", "state", "actor", "shown_name", "starts_on", "ends_on", "source", "note")
    return Occupancy.objects.filter(
        confidence=occupancy.confidence, **{name: getattr(occupancy, name) for name in names}
    ).first()


def end_before(unit_id: int, day: date) -> None:
    """End what stood in the unit on the day before `day`; what began on that very day stays."""
    standing = Occupancy.objects.on(day).filter(unit=unit_id, starts_on__lt=day).first()
    if standing:
        standing.ends_on = day - ONE_DAY
        standing.save()


@transaction.atomic
def correct_occupancy(occupancy: Occupancy, *, seen_at: str) -> Occupancy:
    """Save a corrected entry, if nobody else changed it since the form was opened.

    `seen_at`: the entry's `updated_at` (ISO 8601) as the form saw it. Raises ValidationError
    otherwise, or when another state holds in this time.
    """
    lock_unit(occupancy.unit_id)
    stored = Occupancy.objects.filter(pk=occupancy.pk).first()
    if stored is None or stored.updated_at.isoformat() != seen_at:
        raise ValidationError(STALE_STATE, code="stale")
    occupancy.full_clean()
    occupancy.save()
    return occupancy


@transaction.atomic
def end_occupancy(occupancy: Occupancy, *, on: date) -> None:
    """Note that a state held until this day. Raises ValidationError if it began later."""
    lock_unit(occupancy.unit_id)
    occupancy.refresh_from_db()
    occupancy.ends_on = on
    occupancy.full_clean()
    occupancy.save()


@transaction.atomic
def remove_occupancy(occupancy: Occupancy) -> None:
    """Take out an entry that was wrong; the kept history still knows it."""
    lock_unit(occupancy.unit_id)
    Occupancy.objects.filter(pk=occupancy.pk).delete()
