"""What happens to a programme: its document, its boundary, the order and the removal of its goals,
and which goals a project or an idea serves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from projects.programme.programmes import Goal, Programme
from projects.programme.saving import lock
from zentrum.files import services as files
from zentrum.office.boundaries import is_far_from
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


@transaction.atomic
def save_programme(
    programme: Programme,
    *,
    by: "User",
    upload: UploadedFile | None = None,
    version: int | None = None,
    **changes: Any,
) -> None:
    """Save a new programme or the changes of one, with the document of its resolution.

    Raises ValidationError (code "stale") when somebody was faster, and when the file is not taken.
    """
    with pghistory.context(user=by.pk):
        row = lock(programme, version) if programme.pk else programme
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1 if row.pk else 0
        row.full_clean()
        if upload:
            row.document = files.store(upload, user=by)
        row.save()
    programme.pk = row.pk
    programme.refresh_from_db()


@transaction.atomic
def set_boundary(programme: Programme, area: dict[str, Any], *, by: "User") -> None:
    """Draw the boundary of the centre anew: `area` is a GeoJSON Polygon or MultiPolygon in WGS84.

    Raises ValidationError when it is none, or when it lies where the centre cannot be.
    """
    with pghistory.context(user=by.pk):
        centre = Centre.objects.select_for_update().get(pk=programme.centre_id)
        if is_far_from(area, centre.latitude, centre.longitude):
            text = _("This area lies far from %(centre)s. Are longitude and latitude swapped?")
            raise ValidationError(text, code="far", params={"centre": centre.name})
        centre.area = area
        centre.full_clean()
        centre.save(update_fields=["area", "updated_at"])


def _locked(programme: Programme) -> Programme:
    """Goals are added, moved and removed one after the other."""
    return Programme.objects.select_for_update().get(pk=programme.pk)


@transaction.atomic
def add_goal(goal: Goal, *, by: "User") -> None:
    """Put a new goal at the end of its programme. Raises ValidationError when it is there."""
    with pghistory.context(user=by.pk):
        _locked(goal.programme)
        last = goal.programme.goals.aggregate(last=Max("position"))["last"]
        goal.position = (last or 0) + 1
        goal.full_clean()
        goal.save()


@transaction.atomic
def place_goal(goal: Goal, position: int, *, by: "User") -> None:
    """Move a goal to a place in the order of its programme, counted from 1; the others follow."""
    with pghistory.context(user=by.pk):
        _locked(goal.programme)
        goals = list(goal.programme.goals.exclude(pk=goal.pk).order_by("position", "pk"))
        goals.insert(max(position, 1) - 1, Goal.objects.get(pk=goal.pk))
        for number, row in enumerate(goals, start=1):
            if row.position != number:
                Goal.objects.filter(pk=row.pk).update(position=number)


@transaction.atomic
def remove_goal(goal: Goal, *, by: "User") -> None:
    """Take away a goal that was entered by mistake.

    Raises ValidationError when a project, an idea or an indicator hangs on it: it is renamed then.
    """
    with pghistory.context(user=by.pk):
        _locked(goal.programme)
        row = Goal.objects.select_for_update().filter(pk=goal.pk).first()
        if row is None:
            return
        if any(getattr(row, name).exists() for name in _hanging_on_goals()):
            raise ValidationError(
                _("Something hangs on this goal: projects, ideas or indicators. Rename it instead.")
            )
        row.delete()


def _hanging_on_goals() -> list[str]:
    """What refers to a goal, mostly from slices above this one: the names of the relations."""
    return [
        relation.get_accessor_name() or ""
        for relation in Goal._meta.related_objects
        if not relation.related_model.__name__.endswith("Event")
    ]


@transaction.atomic
def set_goals(row: Any, goals: Iterable[Goal], *, by: "User", version: int | None = None) -> None:
    """Say which goals a project or an idea serves: of the programmes of its own centre.

    Raises ValidationError for a goal of another centre or one that was removed at this moment,
    and (code "stale") when somebody was faster.
    """
    with pghistory.context(user=by.pk):
        locked = lock(row, version)
        wanted = {goal.pk for goal in goals}
        kept = Goal.objects.select_for_update().filter(
            pk__in=wanted, programme__centre=locked.centre_id
        )
        if {goal.pk for goal in kept.order_by("pk")} != wanted:
            raise ValidationError(_("This goal is no goal of the centre."), code="centre")
        locked.goals.set(wanted)
        locked.version += 1
        locked.save(update_fields=["version", "updated_at"])
    row.refresh_from_db()
