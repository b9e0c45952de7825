"""Rows that hold from one day to another, both included: `starts_on` and `ends_on`.

No end: until further notice. What is "current" is always computed from the days, never stored.
"""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


def lasting(day: date, *, prefix: str = "") -> Q:
    """Has not ended before that day; it may begin later. `prefix`: such as "seats__"."""
    return Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})


def holding(day: date, *, prefix: str = "") -> Q:
    """Has begun by that day and has not ended before it."""
    return lasting(day, prefix=prefix) & Q(**{f"{prefix}starts_on__lte": day})


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        violation_error_message=_("The end lies before the start."),
    )


def one_at_a_time(name: str, *, of: str, message: Any) -> ExclusionConstraint:
    """No two rows of the same `of` (a foreign key) hold on the same day."""
    days = Func(
        F("starts_on"),
        F("ends_on"),
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[(of, RangeOperators.EQUAL), (days, RangeOperators.OVERLAPS)],
        violation_error_message=message,
    )
