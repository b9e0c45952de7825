"""Amounts of money as people type them, and totals that are split without losing a cent."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
LONGEST = 40  # characters that an amount may have with its spaces and currency
MOST = Decimal("999999999.99")  # euro; no measure of a town centre costs more
GROUP_MARKS = ".,'’ \u00a0\u202f\u2009"
CURRENCY = re.compile(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$", re.IGNORECASE)
NO_CENTS = re.compile(r",[-–—]{1,2}$")  # "50,-"
CENTS = re.compile(r"(?P<whole>.*?)(?P<mark>[.,])(?P<cents>[0-9]{1,2})")
GROUPED = re.compile(
    rf"[0-9]{{1,3}}(?:(?P<mark>[{GROUP_MARKS}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)?"
)


def parse_amount(text: str) -> Decimal:
    """The euro in "1.234,50", "1 234,50 €", "1234.5" or "1,234.50", with two places.

    The last mark before one or two digits divides the cents off; every other one must divide
    thousands, always the same. Raises ValidationError, with words that say how to write it, when
    the text is no amount, may mean two amounts ("1,234"), is negative, or more than MOST.
    """
    bare = NO_CENTS.sub("", CURRENCY.sub("", text.strip())).strip()
    if len(text) > LONGEST or not re.search("[0-9]", bare):
        raise ValidationError(_("This is no amount. Write it as in 1.234,50."), code="invalid")
    if bare[0] in "-−–":
        raise ValidationError(_("An amount cannot be negative."), code="negative")
    amount = _read(bare)
    if amount > MOST:
        raise ValidationError(_("An amount is at most 999.999.999,99 €."), code="huge")
    return amount


def _read(bare: str) -> Decimal:
    divided = CENTS.fullmatch(bare)
    whole, cents = (divided["whole"], divided["cents"]) if divided else (bare, "00")
    if whole.isascii() and whole.isdigit():
        return Decimal(f"{whole}.{cents:0<2}")
    grouped = GROUPED.fullmatch(whole)
    is_clear = grouped and (
        grouped["mark"] != divided["mark"] if divided else grouped["mark"] != ","
    )
    if not is_clear:
        raise ValidationError(
            _("This amount can be read in more than one way. Write it as in 1.234,50."),
            code="ambiguous",
        )
    return Decimal(f"{re.sub('[^0-9]', '', whole)}.{cents:0<2}")


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


class MoneyField(forms.CharField):
    """An amount in euro as people type it; cleans to a Decimal with two places."""

    def __init__(self, *, allow_zero: bool = False, **options: Any):
        self.allow_zero = allow_zero
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        amount = parse_amount(text)
        if not amount and not self.allow_zero:
            raise ValidationError(_("An amount is at least one cent."), code="zero")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value
