"""One spelling for searching and sorting German text: lower case, ae/oe/ue/ss, no accents."""

import unicodedata

from django.db.models import Expression, Func, Q, TextField, Value
from django.db.models.functions import Concat, Lower, Replace

UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("æ", "ae"), ("œ", "oe"))
ACCENTED = "áàâãåāçćčéèêëēęíìîïīłñńóòôõøōŕřśšşúùûūůýÿźžż"
PLAIN = "aaaaaaccceeeeeeiiiiilnnoooooorrsssuuuuuyyzzz"
WITHOUT_ACCENTS = str.maketrans(ACCENTED, PLAIN)


def normalise(text: str) -> str:
    """The searchable spelling of a text, the same that `searchable` computes in PostgreSQL.

    Umlauts as DIN 5007-2 (name lists) spells them: sorted by this text, Müller and Mueller are
    neighbours.
    """
    text = unicodedata.normalize("NFC", text).lower()
    for umlaut, letters in UMLAUTS:
        text = text.replace(umlaut, letters)
    return text.translate(WITHOUT_ACCENTS)


def every_word(column: str, words: str) -> Q:
    """Each word of a search occurs in the column, which holds `searchable` text."""
    return Q(*(Q(**{f"{column}__contains": word}) for word in normalise(words).split()))


def searchable(*fields: str | Expression) -> Expression:
    """Expression for a generated column: the fields joined by spaces, in `normalise` spelling."""
    parts: list[Expression | str] = []
    for field in fields:
        parts += [Value(" "), field] if parts else [field]
    joined = Concat(*parts, output_field=TextField()) if len(fields) > 1 else fields[0]
    text: Expression = Lower(Func(joined, function="normalize", output_field=TextField()))
    for umlaut, letters in UMLAUTS:
        text = Replace(text, Value(umlaut), Value(letters))
    return Func(text, Value(ACCENTED), Value(PLAIN), function="translate", output_field=TextField())
