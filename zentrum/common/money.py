"""Amounts in euro, as people read and type them."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
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


def euro(amount: Decimal) -> str:
    """With thousands, cents and sign, in the visitor's language: 1.234,50 €."""
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} €"
