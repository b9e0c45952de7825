"""Which words mean the same as these: one query, however long the list of the office is."""

from collections.abc import Iterable

from projects.similar.models import Synonym

SHORTEST_HEAD = 4  # letters of the last part of a compound
SHORTEST_FIRST = 3


def heads(word: str) -> list[str]:
    """What may be the last part of a compound: parkbank may be a bank."""
    return [word[k:] for k in range(SHORTEST_FIRST, len(word) - SHORTEST_HEAD + 1)]


def of(words: Iterable[str]) -> dict[str, list[str]]:
    """To each stem the stems of its groups, found by itself or by its last part."""
    asked = {word: [word, *heads(word)] for word in words}
    keys = {key for forms in asked.values() for key in forms}
    rows = Synonym.objects.filter(group__synonyms__key__in=keys).values_list(
        "group__synonyms__key", "key"
    )
    members: dict[str, list[str]] = {}
    for key, other in rows.order_by("group", "pk"):
        if key in keys:
            members.setdefault(key, []).append(other)
    return {
        word: [other for other in members[form] if other != word]
        for word, forms in asked.items()
        if (form := next((form for form in forms if form in members), None))
    }
