"""Surveys on foot: note what was seen, and make it the memory of the premises at the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.premises.models import Occupancy, Unit
from actors.premises.walks import Sighting, Walk
from zentrum.common.text import normalise

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """What a survey tells that the memory did not know yet."""

    unit: Any
    sighting: Sighting

    @property
    def before(self) -> Occupancy | None:
        return self.unit.now


@transaction.atomic
def note_sighting(walk: Walk, unit: Unit, *, state: str, shown_name: str) -> Sighting:
    """Note what was seen in a unit; sent twice, or seen again, it is one row with the last word.

    Raises ValidationError when the survey is finished already.
    """
    locked = Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
    if locked.finished_at:
        raise ValidationError(_("This survey is finished; nothing can be added any more."))
    name = "" if state == Occupancy.State.VACANT else shown_name
    sighting = Sighting.objects.filter(walk=walk, unit=unit).first()
    sighting = sighting or Sighting(walk=walk, unit=unit)
    sighting.state, sighting.shown_name = state, name
    sighting.full_clean()
    sighting.save()
    return sighting


def changes_of(walk: Walk) -> list[Change]:
    """What finishing the survey would write, in the order of the street."""
    rows = walk.sightings.order_by("unit__sort_text", "unit__pk")
    seen = {row.unit_id: row for row in rows}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=seen).as_on(walk.walked_on)}
    found = [Change(units[pk], row) for pk, row in seen.items()]
    return [change for change in found if _is_new(change)]


def _is_new(change: Change) -> bool:
    before, sighting = change.before, change.sighting
    if before is None or before.state != sighting.state:
        return True
    return bool(sighting.shown_name) and not _is_called(before, sighting.shown_name)


def _is_called(occupancy: Occupancy, name: str) -> bool:
    known = [occupancy.shown_name]
    if actor := occupancy.actor:
        known += [str(actor), actor.name]
    return _plain(name) in {_plain(text) for text in known}


def _plain(name: str) -> str:
    return " ".join(normalise(name).split())


@transaction.atomic
def finish_walk(walk: Walk) -> int:
    """Make what was seen the memory of the premises; returns how many of them had changed.

    Where something else stands now, the old state ends on the day before the survey. What was seen
    as it was known counts as seen from now on. Finishing twice does it once.
    """
    walk.refresh_from_db(from_queryset=Walk.objects.select_for_update(of=("self",)))
    if walk.finished_at:
        return 0
    unit_ids = list(walk.sightings.values_list("unit", flat=True))
    list(
        Unit.objects.select_for_update(of=("self",))
        .filter(pk__in=unit_ids)
        .order_by("pk")
        .values_list("pk")
    )
    changes = changes_of(walk)
    names = _actors_named([change.sighting.shown_name for change in changes], walk)
    following = _following(walk, unit_ids)
    for change in changes:
        _write(change, walk, names, following.get(change.unit.pk))
    changed = {change.unit.pk for change in changes}
    _confirm(walk, [pk for pk in unit_ids if pk not in changed])
    walk.finished_at = timezone.now()
    walk.save(update_fields=["finished_at", "updated_at"])
    return len(changes)


def _actors_named(names: list[str], walk: Walk) -> dict[str, Actor]:
    """The actors of the centre that are called so, where only one is."""
    wanted = {f"{_plain(name)} " for name in names if name}  # the given name, empty, follows
    rows = Actor.objects.active().filter(centre=walk.centre_id, sort_text__in=wanted)
    found: dict[str, list[Actor]] = {}
    for actor in rows.exclude(kind=Actor.Kind.PERSON):
        found.setdefault(_plain(actor.name), []).append(actor)
    return {name: actors[0] for name, actors in found.items() if len(actors) == 1}


def _following(walk: Walk, unit_ids: list[int]) -> dict[int, date]:
    """When the next state begins that somebody noted already for after the survey."""
    later = Occupancy.objects.filter(unit__in=unit_ids, starts_on__gt=walk.walked_on)
    return dict(later.order_by("-starts_on").values_list("unit", "starts_on"))


def _write(change: Change, walk: Walk, names: dict[str, Actor], following: date | None) -> None:
    sighting, before = change.sighting, change.before
    name = sighting.shown_name
    occupancy = Occupancy(unit=change.unit, starts_on=walk.walked_on)
    if before and before.starts_on == walk.walked_on:
        occupancy = before
    elif before:
        before.ends_on = walk.walked_on - ONE_DAY
        before.save()
    actor = names.get(_plain(name)) if name else None
    occupancy.state = sighting.state
    occupancy.actor = actor
    occupancy.shown_name = "" if actor else name
    occupancy.ends_on = following - ONE_DAY if following else None
    occupancy.source = source_of(walk)
    occupancy.confidence = Occupancy.Confidence.SEEN
    occupancy.full_clean()
    occupancy.save()


def _confirm(walk: Walk, unit_ids: list[int]) -> None:
    standing = Occupancy.objects.on(walk.walked_on).filter(unit__in=unit_ids)
    for occupancy in standing.filter(confidence__lt=Occupancy.Confidence.SEEN):
        occupancy.confidence = Occupancy.Confidence.SEEN
        occupancy.save(update_fields=["confidence", "updated_at"])


def source_of(walk: Walk) -> str:
    day = date_format(walk.walked_on, "SHORT_DATE_FORMAT")
    return _("Survey of %(day)s") % {"day": day}
