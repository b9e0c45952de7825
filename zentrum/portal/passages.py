"""The passage of a text in which searched words stand, with the words marked.

Words are compared in the spelling of the search (`normalise`): "Müller" marks "Mueller" too.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rapidfuzz import fuzz

from zentrum.common.text import normalise

BEFORE, AFTER = 60, 120  # characters around the first word that is found
LONGEST = 20_000  # characters of a text that are looked at
ALIKE = 65  # percent; from there on a word counts as the mistyped one

Span = tuple[int, int]


def marked(text: str, words: str, *, typo: bool = False) -> SafeString:
    """The whole text with the words marked, for titles."""
    text = unicodedata.normalize("NFC", text)
    return _mark(text, list(_spans(text, words, typo=typo)))


def passage(texts: Iterable[str], words: str, *, typo: bool = False) -> SafeString:
    """A piece of the first text in which a word stands, marked; empty when none holds any."""
    for given in texts:
        text = unicodedata.normalize("NFC", " ".join(given[:LONGEST].split()))
        if spans := list(_spans(text, words, typo=typo)):
            return _piece(text, spans)
    return SafeString("")


def _piece(text: str, spans: list[Span]) -> SafeString:
    start, end = _cut(text, spans[0])
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end]
    shown = _mark(text[start:end], inside)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, shown, after)


def _cut(text: str, first: Span) -> Span:
    """Where the piece begins and ends: at blanks, if there are any near."""
    start, end = max(first[0] - BEFORE, 0), min(first[1] + AFTER, len(text))
    if start and (blank := text.find(" ", start, first[0])) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", first[1], end)) >= 0:
        end = blank
    return start, end


def _mark(text: str, spans: list[Span]) -> SafeString:
    """Each span in <mark>, everything escaped."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    plain, found = pieces[0::2], [format_html("<mark>{}</mark>", word) for word in pieces[1::2]]
    return format_html_join("", "{}{}", zip(plain, [*found, ""], strict=True))


def _spans(text: str, words: str, *, typo: bool) -> Iterator[Span]:
    """Where the words stand in the text, from left to right; what touches is one."""
    wanted = set(normalise(words).split())
    found = _alike(text, wanted) if typo else _equal(text, wanted)
    current: Span | None = None
    for start, end in sorted(found):
        if current and start <= current[1]:
            current = current[0], max(current[1], end)
        else:
            if current:
                yield current
            current = start, end
    if current:
        yield current


def _equal(text: str, wanted: set[str]) -> Iterator[Span]:
    folded, places = _fold(text)
    for word in wanted:
        at = folded.find(word)
        while at >= 0:
            yield places[at], places[at + len(word) - 1] + 1
            at = folded.find(word, at + len(word))


def _fold(text: str) -> tuple[str, list[int]]:
    """The text in the spelling of the search, and for each letter where it comes from."""
    spelled = [_spelled(char) for char in text]
    places = [place for place, letters in enumerate(spelled) for _letter in letters]
    return "".join(spelled), places


@lru_cache(maxsize=1024)
def _spelled(char: str) -> str:
    """One letter as the search spells it. Kept: a page of hits looks at thousands of few."""
    return normalise(char)


def _alike(text: str, wanted: set[str]) -> Iterator[Span]:
    at = 0
    for word in text.split(" "):
        spelled = normalise(word)
        if any(fuzz.ratio(spelled, one) >= ALIKE for one in wanted):
            yield at, at + len(word)
        at += len(word) + 1
