"""What changed from one survey to the next, unit by unit."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actors.premises.walks import Sighting, Walk
from zentrum.common.text import normalise


@dataclass(frozen=True)
class Compared:
    unit: Any
    then: Sighting | None
    now: Sighting | None
    change: str  # in words; empty when it looks as it did

    @property
    def is_changed(self) -> bool:
        return bool(self.then and self.now and self.change)


def earlier_walks(walk: Walk) -> Any:
    """Finished surveys before this one that share premises with it, the newest first."""
    units = walk.sightings.values("unit")
    rows = Walk.objects.finished().filter(centre=walk.centre_id).exclude(pk=walk.pk)
    before = rows.filter(walked_on__lte=walk.walked_on, sightings__unit__in=units).distinct()
    return before.order_by("-walked_on", "-pk")


def compare(earlier: Walk, later: Walk) -> list[Compared]:
    """Every unit that was seen on the later survey, or only on the earlier; in street order.

    Premises that the later survey did not go to (another street) are left out.
    """
    then, now = _seen(earlier), _seen(later)
    units = {row.unit_id: row.unit for row in (*then.values(), *now.values())}
    streets = {row.unit.street for row in now.values()}
    there = [unit for unit in units.values() if unit.pk in now or unit.street in streets]
    there.sort(key=lambda unit: (unit.sort_text, unit.pk))
    return [
        Compared(unit, then.get(unit.pk), now.get(unit.pk), _change(then, now, unit.pk))
        for unit in there
    ]


def _seen(walk: Walk) -> dict[int, Sighting]:
    return {row.unit_id: row for row in walk.sightings.select_related("unit")}


def _change(then: dict[int, Sighting], now: dict[int, Sighting], pk: int) -> str:
    if pk not in now:
        return _("not seen this time")
    if pk not in then:
        return _("seen for the first time")
    old, new = then[pk], now[pk]
    if old.state != new.state:
        return _("%(old)s became %(new)s") % {
            "old": old.get_state_display(),
            "new": new.get_state_display(),
        }
    names = [" ".join(normalise(row.shown_name).split()) for row in (old, new)]
    if all(names) and names[0] != names[1]:
        return _("another name on the door")
    return ""
