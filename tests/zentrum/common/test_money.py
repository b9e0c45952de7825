from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from zentrum.common.forms import MoneyField
from zentrum.common.money import LONGEST, MOST, parse_amount

amounts = st.decimals(min_value=0, max_value=MOST, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1\u202f234", "1234.00"),
        ("1.234", "1234.00"),
        ("12.345.678", "12345678.00"),
        ("12,3", "12.30"),
        ("€ 5", "5.00"),
        ("5 EUR", "5.00"),
        ("50,-", "50.00"),
        ("50,--", "50.00"),
        ("0", "0.00"),
        ("007", "7.00"),
        ("999.999.999,99", "999999999.99"),
    ],
)
def test_amounts_as_people_write_them(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "ambiguous"),
        ("1234,567", "ambiguous"),
        ("1.2345", "ambiguous"),
        ("1.23.45", "ambiguous"),
        ("1.234.50", "ambiguous"),
        ("1.23,4,5", "ambiguous"),
        ("1 234.567,80", "ambiguous"),
        ("12 34", "ambiguous"),
        ("1e5", "ambiguous"),
        ("1e9", "ambiguous"),
        ("\uff11\uff12\uff13", "invalid"),  # full-width digits
        ("12\uff13,50", "ambiguous"),
        ("١٢٣", "invalid"),
        ("12٣", "ambiguous"),
        ("0x10", "ambiguous"),
        ("5 $", "ambiguous"),
        ("-5", "negative"),
        ("−5,00 €", "negative"),
        ("€ -5", "negative"),
        ("1.000.000.000", "huge"),
        ("999.999.999.999", "huge"),
        ("", "invalid"),
        ("€", "invalid"),
        ("NaN", "invalid"),
        ("9" * 5000, "invalid"),
        ("\0", "invalid"),
    ],
)
def test_other_amounts_are_refused_with_a_reason(text, code):
    with pytest.raises(ValidationError) as refusal:
        parse_amount(text)

    assert refusal.value.code == code


@given(amounts)
def test_what_is_written_in_any_of_our_ways_is_read_to_the_cent(amount):
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))

    for text in (english, german, f"{german} €", german.replace(".", " "), f"{amount:.2f}"):
        assert parse_amount(text) == amount
    assert parse_amount(MoneyField().prepare_value(amount)) == amount


@given(st.text(alphabet="0123456789.,'- €eE", max_size=LONGEST + 2))
def test_any_text_is_an_amount_of_two_places_or_refused(text):
    try:
        amount = parse_amount(text)
    except ValidationError:
        return
    assert 0 <= amount <= MOST
    assert amount == amount.quantize(Decimal("0.01"))
