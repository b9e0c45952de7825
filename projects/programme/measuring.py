"""How far it is from a baseline to a target: in decimals, for rising and for falling figures."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.utils.formats import number_format

PLACES = 3  # that a measured value may have
MOST = Decimal("99999999999.999")
TENTH_OF_PERCENT = Decimal("0.001")


def share_of_way(baseline: Decimal, target: Decimal, value: Decimal) -> Decimal:
    """0 at the baseline, 1 at the target or beyond it more; below 0 on the wrong side.

    Rounded down to a tenth of a percent, so that only what is reached is the whole way. A target
    below the baseline (vacancies, accidents) is reached by falling.
    """
    way = (value - baseline) / (target - baseline)
    return way.quantize(TENTH_OF_PERCENT, ROUND_FLOOR)


def share_of_time(starts_on: date, ends_on: date, day: date) -> Decimal:
    """How much of the time between the two days is over on a third one: 0 to 1."""
    passed = Decimal((day - starts_on).days) / Decimal((ends_on - starts_on).days)
    return min(max(passed, Decimal(0)), Decimal(1)).quantize(TENTH_OF_PERCENT, ROUND_FLOOR)


def plain(value: Decimal) -> str:
    """The digits that count, such as "34.5" for 34.500; no exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(value: Decimal) -> str:
    """A measured value as people of this language write it."""
    return str(number_format(plain(value), use_l10n=True, force_grouping=True))
