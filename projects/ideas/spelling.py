"""The spelling in which texts are held against each other: no umlauts, no hyphens, no endings."""

import re

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Expression, Func, TextField, Value
from django.db.models.functions import Concat, Left, Replace, Reverse

from zentrum.common.text import normalise, searchable

HYPHENS = "[-\u2010\u2011\u00ad]"  # "E-Bike" is a compound: ebike
MARKS = "[^a-z0-9]+"
FLAT = (("ae", "a"), ("oe", "o"), ("ue", "u"))  # so that Bänke begins like Bank
ENDINGS = (  # as `projects.similar.words.stem` cuts them off
    "(?:([a-z0-9]{3})(?:ern|en|er|em|es|e)|([a-z0-9]{2}[bdfghklmnrt])s|(el)n) ",
    "([a-z0-9]{3})er ",
)
LOOKED_AT = 400  # characters of a text: what it is about stands at its beginning


def plain(text: str) -> str:
    """Words in lower case without umlauts and marks, with a space around each."""
    text = re.sub(HYPHENS, "", normalise(text))
    for double, letter in FLAT:
        text = text.replace(double, letter)
    return re.sub(MARKS, " ", f" {text} ")


def comparable(title: str, text: str) -> Expression:
    """Expression for a generated column: the stems of a title (A) and of a text's beginning (D).

    Those of the title stand there backwards, too: a search for a beginning then finds an end, such
    as every compound of a word.
    """
    named = _stems(title)
    both = Concat(named, Reverse(named), output_field=TextField())
    begun = _stems(Left(text, LOOKED_AT, output_field=TextField()))
    return Func(
        _weighted(both, "A"),
        _weighted(begun, "D"),
        template="%(expressions)s",
        arg_joiner=" || ",
        output_field=SearchVectorField(),
    )


def _stems(text: str | Expression) -> Expression:
    found = _replaced(searchable(text), HYPHENS, "")
    for double, letter in FLAT:
        found = Replace(found, Value(double), Value(letter), output_field=TextField())
    found = _replaced(Concat(found, Value(" "), output_field=TextField()), MARKS, " ")
    ending, second = ENDINGS
    return _replaced(_replaced(found, ending, r"\1\2\3 "), second, r"\1 ")


def _replaced(text: Expression, pattern: str, by: str) -> Expression:
    return Func(
        text,
        Value(pattern),
        Value(by),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def _weighted(text: Expression, weight: str) -> Expression:
    return Func(
        text,
        template=f"setweight(to_tsvector('simple', %(expressions)s), '{weight}')",
        output_field=SearchVectorField(),
    )
