"""Find what somebody meant who mistyped a word: only when nothing was found as it was typed.

Similarity is read from short texts that everybody who sees the row may read, and only of the
newest rows, so that the cost does not grow with history.
"""

from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import ExpressionWrapper, F, TextField

from zentrum.common.text import normalise, searchable

NEWEST = 2000  # rows of a kind
ENOUGH = 0.3  # of the trigrams of a word (pg_trgm word_similarity): a transposition costs half
MOST_WORDS = 4


def alike(rows: Any, words: str, columns: tuple[str, ...]) -> Any:
    """Of the newest rows those in which each word has a similar one, the most similar first."""
    newest = rows.model._default_manager.filter(
        pk__in=rows.order_by("-pk").values("pk")[:NEWEST]
    ).alias(short=ExpressionWrapper(searchable(*columns), TextField()))
    total: Any = 0
    for number, word in enumerate(normalise(words).split()[:MOST_WORDS]):
        name = f"similarity_{number}"
        newest = newest.alias(**{name: TrigramWordSimilarity(word, "short")})
        newest = newest.filter(**{f"{name}__gte": ENOUGH})
        total = F(name) + total
    return newest.order_by(total.desc() if total else "-pk", "-pk")
