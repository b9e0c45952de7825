from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from projects.programme.measuring import MOST, plain, share_of_time, share_of_way

VALUES = st.decimals(-MOST, MOST, places=3, allow_nan=False, allow_infinity=False)
DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))
TOLERANCE = Decimal("0.001")


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share"),
    [
        ("20", "10", "20", "0"),
        ("20", "10", "15", "0.5"),
        ("20", "10", "10", "1"),
        ("20", "10", "8", "1.2"),
        ("20", "10", "25", "-0.5"),
        ("3", "4", "3.333", "0.333"),
        ("0", "1", "0.9999", "0.999"),
        ("-5", "5", "0", "0.5"),
        ("0", "3", "-0.001", "-0.001"),
    ],
)
def test_share_of_the_way_for_rising_and_falling_figures(baseline, target, value, share):
    assert share_of_way(Decimal(baseline), Decimal(target), Decimal(value)) == Decimal(share)


@given(VALUES, VALUES, VALUES)
def test_only_what_is_reached_is_the_whole_way(baseline, target, value):
    assume(baseline != target)

    reached = value >= target if target > baseline else value <= target

    assert (share_of_way(baseline, target, value) >= 1) == reached


@given(VALUES, VALUES, VALUES)
def test_falling_is_rising_seen_in_a_mirror(baseline, target, value):
    assume(baseline != target)

    assert share_of_way(baseline, target, value) == share_of_way(-baseline, -target, -value)


@given(VALUES, VALUES, VALUES)
def test_share_is_exact_to_a_tenth_of_a_percent(baseline, target, value):
    assume(baseline != target)

    share = share_of_way(baseline, target, value)

    assert share <= (value - baseline) / (target - baseline) + TOLERANCE
    assert share == share.quantize(TOLERANCE, ROUND_FLOOR)


@given(DAYS, DAYS, DAYS)
def test_share_of_time_stays_between_nothing_and_all(first, second, day):
    start, end = min(first, second), max(first, second) + timedelta(days=1)

    share = share_of_time(start, end, day)

    assert 0 <= share <= 1
    assert (share == 1) == (day >= end)


@pytest.mark.parametrize(
    ("value", "text"),
    [("34.500", "34.5"), ("1000", "1000"), ("0.000", "0"), ("-0.120", "-0.12"), ("1E+3", "1000")],
)
def test_digits_that_say_nothing_are_left_out(value, text):
    assert plain(Decimal(value)) == text
