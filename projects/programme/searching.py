from django.db.models import Q

from zentrum.common.text import normalise


def every_word(column: str, words: str) -> Q:
    """Each word of a search occurs in the column, which holds searchable text."""
    return Q(*(Q(**{f"{column}__contains": word}) for word in normalise(words).split()))
