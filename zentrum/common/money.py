"""Amounts in euro, as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def euro(amount: Decimal) -> str:
    """With thousands, cents and sign, in the visitor's language: 1.234,50 €."""
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} €"
