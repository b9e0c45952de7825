"""Indicators are changed and measured one after the other, so that no value lies before them."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.programme.indicators import Indicator, Reading
from projects.programme.saving import lock, save_next

if TYPE_CHECKING:
    from zentrum.accounts.models import User


@transaction.atomic
def edit_indicator(
    indicator: Indicator, *, by: "User", version: int | None = None, **changes: Any
) -> None:
    """Save changed details.

    Raises ValidationError (code "stale") when somebody was faster, and when the baseline would be
    of a later day than a value.
    """
    lock(indicator, version)
    baseline_on = changes.get("baseline_on", indicator.baseline_on)
    if indicator.readings.filter(measured_on__lt=baseline_on).exists():
        raise ValidationError({"baseline_on": _("There are values of an earlier day.")})
    save_next(indicator, by=by, version=version, **changes)


@transaction.atomic
def add_reading(reading: Reading, *, by: "User") -> None:
    """Note a measured value. Raises ValidationError when its day is not between the baseline and
    today, or is there already."""
    with pghistory.context(user=by.pk):
        indicator = Indicator.objects.select_for_update().get(pk=reading.indicator_id)
        _check_day(indicator, reading.measured_on)
        reading.by = by
        reading.full_clean()
        reading.save()


@transaction.atomic
def edit_reading(
    reading: Reading, *, by: "User", version: int | None = None, **changes: Any
) -> None:
    """Mend a measured value; who mended it is kept, and what stood there before."""
    indicator = Indicator.objects.select_for_update().get(pk=reading.indicator_id)
    _check_day(indicator, changes.get("measured_on", reading.measured_on))
    save_next(reading, by=by, version=version, **changes)


def _check_day(indicator: Indicator, day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({"measured_on": _("This date lies in the future.")})
    if day < indicator.baseline_on:
        raise ValidationError({"measured_on": _("This day lies before the baseline.")})
