"""The values of an indicator over time as a picture: places in an SVG of 640 by 260 units.

Geometry only: nothing that is counted or shown as a number comes from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.programme.indicators import Indicator, Reading

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 16, 624, 36, 216


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    reading: Reading


@dataclass(frozen=True)
class Chart:
    dots: list[Dot]
    line: str  # the values, from the baseline on
    way: str  # straight from the baseline to the target
    baseline_y: str
    target_y: str
    target_label_y: str
    baseline_label_y: str


def chart(indicator: Indicator, readings: Sequence[Reading]) -> Chart:
    """The readings in the order of their days."""
    days = [indicator.baseline_on, indicator.target_on, *(row.measured_on for row in readings)]
    values = [indicator.baseline_value, indicator.target_value, *(row.value for row in readings)]
    first, last, low, high = min(days), max(days), min(values), max(values)

    def x(day: date) -> str:
        return _place((day - first).days, (last - first).days, LEFT, RIGHT)

    def y(value: Decimal) -> str:
        return _place(float(value - low), float(high - low), BOTTOM, TOP)

    start = f"{x(indicator.baseline_on)},{y(indicator.baseline_value)}"
    end = f"{x(indicator.target_on)},{y(indicator.target_value)}"
    dots = [Dot(x(row.measured_on), y(row.value), row) for row in readings]
    base, target = float(y(indicator.baseline_value)), float(y(indicator.target_value))
    return Chart(
        dots=dots,
        line=" ".join([start, *(f"{dot.x},{dot.y}" for dot in dots)]),
        way=f"{start} {end}",
        baseline_y=f"{base:.1f}",
        target_y=f"{target:.1f}",
        target_label_y=f"{target - 8 if indicator.rises else target + 24:.1f}",
        baseline_label_y=f"{base + 24 if indicator.rises else base - 8:.1f}",
    )


def _place(part: float, whole: float, start: int, end: int) -> str:
    return f"{start + (end - start) * (part / whole if whole else 0.5):.1f}"
