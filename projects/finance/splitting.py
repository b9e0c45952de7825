"""Totals that are split without losing a cent."""

from collections.abc import Sequence
from decimal import Decimal

from zentrum.common.money import CENT


def split(total: Decimal, shares: Sequence[int]) -> list[Decimal]:
    """The total in parts that stand in the proportion of the shares and add up to it to the cent.

    The cents that are left over go to the parts that lost most by rounding down, the first of equal
    ones first. Raises ValueError when a share is negative or all of them are nothing.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("Shares are whole numbers, none negative and not all nothing.")
    cents = int(total / CENT)
    parts = [cents * share // whole for share in shares]
    lost = sorted(range(len(shares)), key=lambda n: -(cents * shares[n] % whole))
    for number in lost[: cents - sum(parts)]:
        parts[number] += 1
    return [part * CENT for part in parts]
