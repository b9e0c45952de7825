"""The spelling in which texts are held against each other: no umlauts, no hyphens, no marks."""

import re

from django.db.models import Expression, Func, TextField, Value
from django.db.models.functions import Concat, Left, Replace

from zentrum.common.text import normalise, searchable

HYPHENS = "[-\u2010\u2011\u00ad]"  # "E-Bike" is a compound: ebike
MARKS = "[^a-z0-9]+"
FLAT = (("ae", "a"), ("oe", "o"), ("ue", "u"))  # so that Bänke begins like Bank
LOOKED_AT = 400  # characters of a text: what it is about stands at its beginning


def plain(text: str) -> str:
    """Words in the spelling that `likeness` computes in PostgreSQL, with a space around each."""
    text = re.sub(HYPHENS, "", normalise(text))
    for double, letter in FLAT:
        text = text.replace(double, letter)
    return re.sub(MARKS, " ", f" {text} ")


def likeness(title: str, text: str) -> Expression:
    """Expression for a generated column: a title and the beginning of a text, in that spelling."""
    begun: Expression = Concat(title, Value(" "), Left(text, LOOKED_AT), output_field=TextField())
    found: Expression = _replaced(searchable(begun), HYPHENS, "")
    for double, letter in FLAT:
        found = Replace(found, Value(double), Value(letter))
    spaced = Concat(Value(" "), found, Value(" "), output_field=TextField())
    return _replaced(spaced, MARKS, " ")


def _replaced(text: Expression, pattern: str, by: str) -> Expression:
    return Func(
        text,
        Value(pattern),
        Value(by),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
