"""The kept changes of the demo town: who took which step, each at the moment it stands for."""

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Any

import pghistory
from django.apps import apps
from django.db.models import (
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from zentrum.accounts.models import User

OFFICE_IS_OLD = timedelta(days=700)
MORNING = timedelta(hours=8, minutes=20)  # after midnight in UTC
BEGUN_ON = {  # the day on which such a row began, as seen from the row
    "idea": "received_on",
    "project": "starts_on",
    "milestone": "project__starts_on",
    "participant": "project__starts_on",
    "mandate": "starts_on",
    "contactperson": "starts_on",
    "occupancy": "starts_on",
    "booking": "booked_on",
    "programme": "starts_on",
    "goal": "programme__starts_on",
    "indicator": "baseline_on",
    "reading": "measured_on",
    "worksheet": "idea__received_on",
}
BEGUN_AT = {
    "case": "received_at",
    "message": "created_at",
    "consultation": "created_at",
    "progressnote": "created_at",
}


def by_nobody() -> AbstractContextManager:
    """What follows was done by the portal itself; else the last person would go on acting."""
    return pghistory.context(rule="demo")


def take_step(row: Model, at: datetime, *, by: User | None = None, **changes: Any) -> None:
    """Change a row as somebody of the office did at that moment; the triggers keep the change."""
    for name, value in changes.items():
        setattr(row, name, value)
    with pghistory.context(user=by.pk) if by else by_nobody():
        type(row)._default_manager.filter(pk=row.pk).update(updated_at=at, **changes)


def backdate(today: date) -> None:
    """Give every kept change its moment, in one statement per table.

    A new row: when its matter began, or when the office opened. A change: when the row says that
    it was changed.
    """
    opened = at_hour(today - OFFICE_IS_OLD, 9)
    for model in _event_models():
        begun = _begun(model, model.pgh_tracked_model) or Value(opened)
        is_new = When(pgh_label="insert", then=begun)
        changed = F("updated_at") if _can_change(model) else begun
        moment = Case(is_new, default=changed, output_field=DateTimeField())
        model.objects.update(pgh_created_at=moment)


def _event_models() -> list[Any]:
    models: list[Any] = list(apps.get_models())
    kept = [model for model in models if issubclass(model, pghistory.models.Event)]
    return [model for model in kept if getattr(model, "pgh_tracked_model", None)]


def _can_change(model: Any) -> bool:
    """A ledger has no moment of change: its rows stay as they were written."""
    return any(field.name == "updated_at" for field in model._meta.fields)


def _begun(model: Any, tracked: Any) -> Subquery | None:
    name = tracked._meta.model_name
    row = tracked._default_manager.filter(pk=OuterRef("pgh_obj_id"))
    if name in BEGUN_AT:
        return Subquery(row.values(BEGUN_AT[name]))
    if name in BEGUN_ON:
        midnight = Cast(BEGUN_ON[name], DateTimeField())
        morning = ExpressionWrapper(midnight + MORNING, output_field=DateTimeField())
        return Subquery(row.annotate(begun=morning).values("begun"))
    return None


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
