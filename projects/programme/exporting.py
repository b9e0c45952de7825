"""Indicators with all their dated values, as a workbook or as text: a line for each value."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from projects.programme.indicators import Indicator, IndicatorQuerySet, Reading
from projects.programme.measuring import share_of_way
from zentrum.files.csv_text import table
from zentrum.files.xlsx import workbook


def indicators_workbook(indicators: IndicatorQuerySet) -> bytes:
    return workbook(_("Indicators"), _headings(), _lines(indicators))


def indicators_text(indicators: IndicatorQuerySet) -> bytes:
    return table(_headings(), _lines(indicators))


def _headings() -> list[str]:
    return [
        _("Programme"),
        _("Goal"),
        _("Indicator"),
        _("Unit"),
        _("Baseline"),
        _("Baseline of"),
        _("Target"),
        _("to be reached by"),
        _("Value"),
        _("measured on"),
        _("Share of the way (1 = reached)"),
        _("Who measured it?"),
        _("Where does the value come from?"),
        _("entered by"),
    ]


def _lines(indicators: IndicatorQuerySet) -> Iterator[list[Any]]:
    for indicator in indicators.prefetch_related("readings__by"):
        goal = indicator.goal
        words = [goal.programme, goal, indicator, indicator.unit]
        way = [indicator.baseline_value, indicator.baseline_on]
        way += [indicator.target_value, indicator.target_on]
        for reading in indicator.readings.all():
            yield [*words, *way, *_of_reading(indicator, reading)]
        if not indicator.latest_on:
            yield [*words, *way, None, None, None, "", "", ""]


def _of_reading(indicator: Indicator, reading: Reading) -> list[Any]:
    share = share_of_way(indicator.baseline_value, indicator.target_value, reading.value)
    measured = [reading.value, reading.measured_on, share]
    return [*measured, reading.provider, reading.source, reading.by]
