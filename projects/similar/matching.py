"""How much two words, and two texts, mean the same. No query, no row: words in, a number out."""

from dataclasses import dataclass, field
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from rapidfuzz.distance import OSA

from projects.similar.words import subjects, weight

Place = tuple[float, float]  # latitude, longitude in degrees (WGS84)
SIMILAR = 0.52  # of 1: from here on two texts are about the same
MOST_WORDS = 6  # of a title, and as many of a text
HEAD, MODIFIER, START = 0.9, 0.6, 0.4  # a compound and its last part, its first part, a twin
TYPED_WRONG, IN_TEXT, BY_SYNONYM = 0.85, 0.7, 0.95
NEAR, FAR = 200, 1500  # metres
CLOSER, FARTHER = 1.15, 0.8
WHOLE = 0.9  # share of a title that the other one names: it is part of that
LEAST = 0.45  # weight of what is found: one word that tells, or two faint ones
EARTH = 6_371_000  # metres


def alike(one: str, other: str) -> float:
    """How much two stems mean the same, 0 to 1: form, compound, slip of the pen."""
    if one == other:
        return 1
    short, long = sorted((one, other), key=len)
    rest = len(long) - len(short)
    if len(short) >= 4 and long.startswith(short):
        return 1 if rest <= 1 else MODIFIER
    if long.endswith(short) and (len(short) >= 4 or (len(short) == 3 and rest >= 4)):
        return HEAD
    if len(short) >= 6 and short[0] == long[0] and rest <= 1 and OSA.distance(one, other) <= 1:
        return TYPED_WRONG
    if len(short) >= 10 and short[:6] == long[:6]:
        return START
    return 0


@dataclass
class Text:
    """What an idea or a project says."""

    title: str
    text: str = ""
    place: str = ""
    position: Place | None = None

    @cached_property
    def words(self) -> list[str]:
        return subjects(self.title)[:MOST_WORDS]

    @cached_property
    def places(self) -> frozenset[str]:
        return frozenset(subjects(self.place))

    @cached_property
    def further(self) -> list[str]:
        """What only the text says, the long words first: they tell most."""
        found = [word for word in subjects(self.text) if word not in self.words and len(word) > 3]
        return sorted(found, key=lambda word: -len(word))[:MOST_WORDS]


@dataclass
class Comparison:
    """One text that is looked for, held against many; `meanings` are the words beside a word."""

    wanted: Text
    meanings: dict[str, list[str]] = field(default_factory=dict)
    known: dict[tuple[str, str], float] = field(default_factory=dict)

    @cached_property
    def asked(self) -> list[str]:
        """The words of the title; those of the text too when the title says little."""
        words, places = self.wanted.words, self.wanted.places
        if any(weight(word, places) == 1 for word in words):
            return words
        return words + self.telling_further

    @cached_property
    def telling(self) -> list[str]:
        return [word for word in self.asked if weight(word, self.wanted.places) == 1]

    @cached_property
    def telling_further(self) -> list[str]:
        return [word for word in self.wanted.further if weight(word, self.wanted.places) == 1]

    def score(self, found: Text, spelled: str) -> float:
        """How similar the two are, 0 to 1; `spelled` are the stems of the found one."""
        places = self.wanted.places | found.places
        there = [Hit(weight(q, places), self._best(q, found.words)) for q in self.asked]
        back = [Hit(weight(c, places), self._best_back(c)) for c in found.words]
        if sum(hit.weight * hit.share for hit in there) < LEAST:
            score = 0.0
        else:
            score = _mean(_share(there), _share(back))
            if max(_share(there), _share(back)) >= WHOLE:
                score = max(score, SIMILAR)
        if score < SIMILAR and (self._all_in(spelled, places) or _all(back)):
            score = SIMILAR
        return min(1.0, score * _nearness(self.wanted.position, found.position))

    def _all_in(self, spelled: str, places: frozenset[str]) -> bool:
        """Whether the found text speaks of all that the title names, where it names two things."""
        telling = [word for word in self.asked if weight(word, places) == 1]
        return len(telling) >= 2 and all(
            any(f" {form}" in spelled for form in self._forms(word)) for word in telling
        )

    def _best(self, word: str, others: list[str]) -> float:
        return max((self._same(word, other) for other in others), default=0)

    def _best_back(self, word: str) -> float:
        named = max((self._same(other, word) for other in self.asked), default=0)
        told = max((self._same(other, word) for other in self.wanted.further), default=0)
        return max(named, IN_TEXT * told)

    def _same(self, word: str, other: str) -> float:
        if (word, other) not in self.known:
            meant = (BY_SYNONYM * alike(form, other) for form in self.meanings.get(word, ()))
            self.known[word, other] = max(alike(word, other), *meant, 0)
        return self.known[word, other]

    def _forms(self, word: str) -> list[str]:
        return [word, *self.meanings.get(word, ())]


class Hit(NamedTuple):
    weight: float
    share: float


def _share(hits: list[Hit]) -> float:
    whole = sum(hit.weight for hit in hits)
    return sum(hit.weight * hit.share for hit in hits) / whole if whole else 0


def _all(hits: list[Hit]) -> bool:
    """Each telling word of at least two was found somewhere."""
    telling = [hit for hit in hits if hit.weight == 1]
    return len(telling) >= 2 and all(hit.share >= IN_TEXT * HEAD for hit in telling)


def _mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one and other else 0


def _nearness(one: Place | None, other: Place | None) -> float:
    if not (one and other):
        return 1
    metres = distance(one, other)
    if metres <= NEAR:
        return CLOSER
    return FARTHER if metres >= FAR else 1


def distance(one: Place, other: Place) -> float:
    """Metres between two places, on a sphere."""
    (lat, lng), (lat2, lng2) = (map(radians, place) for place in (one, other))
    chord = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lng2 - lng) / 2) ** 2
    return 2 * EARTH * asin(sqrt(chord))
