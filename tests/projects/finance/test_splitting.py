from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.finance.splitting import split
from zentrum.common.money import MOST

amounts = st.decimals(min_value=0, max_value=MOST, places=2)
shares = st.lists(st.integers(0, 1000), min_size=1, max_size=5).filter(any)


@given(amounts, shares)
def test_parts_of_a_total_add_up_to_it_to_the_cent(total, shares):
    parts = split(total, shares)

    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        exact = total * share / sum(shares)
        assert abs(part - exact) < Decimal("0.01")
        assert part >= 0


@given(amounts, st.integers(1, 5))
def test_equal_shares_differ_by_one_cent_at_most(total, count):
    parts = split(total, [1] * count)

    assert max(parts) - min(parts) <= Decimal("0.01")
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize("shares", [[0, 0], [2, -1], [-1]])
def test_shares_of_nothing_are_refused(shares):
    with pytest.raises(ValueError, match="Shares are whole"):
        split(Decimal("10.00"), shares)
