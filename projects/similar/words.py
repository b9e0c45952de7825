"""German words brought to the form in which singular and plural are one."""

from projects.ideas.spelling import plain

ENDINGS = ("ern", "en", "er", "em", "es", "e", "n")
S_ENDS_AFTER = frozenset("bdfghklmnrt")  # a plural or genitive; Haus keeps its s
SHORTEST = 3  # letters of a stem: Rad, Weg


def stem(word: str) -> str:
    """What is left of a word in `plain` spelling without its ending: banke and bank are bank.

    A small part of the Snowball stemmer for German: what it takes for nouns of everyday German.
    """
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= SHORTEST:
            return rest
    if len(word) > SHORTEST and word.endswith("s") and word[-2] in S_ENDS_AFTER:
        return word[:-1]
    return word


def key_of(word: str) -> str:
    """One word as somebody typed it, as a stem."""
    return stem(plain(word).strip())
