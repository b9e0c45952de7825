"""How alike two actors are, field by field, with the reasons in words.

The points, their limits and the vetoes are explained on the page (`candidate_rules.html` reads
POINTS): a rule whose name lies is worse than none.
"""

from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any

from rapidfuzz import fuzz

from actors.duplicates.spelling import (
    BRANCH,
    digits_of,
    host_of,
    own_words,
    sound_of,
    street_of,
    words_of,
)

LEAST_NAME = 75  # names less alike are two actors, whatever else they share
PROPOSED_FROM = 50  # points; and never by the name alone
POINTS = {"email": 35, "phone": 30, "address": 25, "near": 10, "website": 15, "elsewhere": -45}
NEAR = 50  # metres
ELSEWHERE = 100
SAME_GIVEN_NAME = 86
SAME_WHEN_JOINED = 95
EARTH = 6_371_000  # metres


@dataclass
class Profile:
    """What is compared of an actor, in the spelling in which it is compared."""

    kind: str
    name: str
    given_name: str = ""
    pk: int = 0
    centre_id: int = 0
    emails: dict[str, str] = field(default_factory=dict)  # compared spelling -> as people write it
    phones: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    streets: dict[str, str] = field(default_factory=dict)
    places: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = words_of(self.name)
        self.own = own_words(self.words)

    def add_email(self, email: str) -> None:
        if email:
            self.emails[email.lower()] = email

    def add_phone(self, number: str) -> None:
        if digits := digits_of(number):
            self.phones[digits] = number

    def add_website(self, website: str) -> None:
        if host := host_of(website):
            self.hosts[host] = host

    def add_address(
        self, street: str, latitude: float | None = None, longitude: float | None = None
    ) -> None:
        if any(letter.isdigit() for letter in street):
            self.streets[street_of(street)] = street
        if latitude is not None and longitude is not None:
            self.places.append((latitude, longitude))

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.name}".strip()


@dataclass(frozen=True)
class Comparison:
    """The score (0 to 100) and, per compared field: field, score, points, first, second."""

    score: int
    reasons: list[dict[str, Any]]
    is_proposed: bool  # alike enough, and not by the name alone

    @property
    def is_by_contact(self) -> bool:
        """The very same e-mail address or phone number."""
        return any(r["field"] in ("email", "phone") and r["points"] > 0 for r in self.reasons)


def compare(first: Profile, second: Profile) -> Comparison | None:
    """None when the two cannot be the same: a person and a business, other names, a branch."""
    if (first.kind == "person") != (second.kind == "person") or _one_is_a_branch(first, second):
        return None
    name = _alike_persons(first, second) if first.kind == "person" else _alike(first, second)
    if name < LEAST_NAME:
        return None
    reasons = [_reason("name", name, name // 2, first.full_name, second.full_name)]
    evidence = [*_contact(first, second), *_whereabouts(first, second)]
    total = sum(reason["points"] for reason in (*reasons, *evidence))
    is_more_than_a_name = any(reason["points"] > 0 for reason in evidence)
    is_proposed = is_more_than_a_name and total >= PROPOSED_FROM
    if _lacks_given_name(first, second):  # a family shares its phone and its house
        is_proposed = is_proposed and any(reason["field"] == "email" for reason in evidence)
    highest = 100 if is_proposed else PROPOSED_FROM - 1
    return Comparison(max(0, min(total, highest)), [*reasons, *evidence], is_proposed)


def shared_contact(first: Profile, second: Profile) -> Comparison | None:
    """Names that differ, but the very same e-mail address or number: worth asking, no more."""
    if (first.kind == "person") != (second.kind == "person"):
        return None  # whoever works in a shop has its number
    found = [reason for reason in _contact(first, second) if reason["points"] > 0]
    result = Comparison(sum(reason["points"] for reason in found) // 2, found, is_proposed=False)
    return result if result.is_by_contact else None


def _alike(first: Profile, second: Profile) -> int:
    """The whole names and what is special in them must both agree: the lower score counts."""
    a, b = " ".join(first.words), " ".join(second.words)
    if _numbers(first) != _numbers(second):
        return 0
    joined = fuzz.ratio("".join(first.words), "".join(second.words))
    if joined >= SAME_WHEN_JOINED:  # Käse Hof, Käsehof
        return int(joined)
    whole = fuzz.token_set_ratio(a, b)
    if first.own and second.own:
        return int(min(whole, _alike_words(first.own, second.own)))
    return int(min(whole, fuzz.token_sort_ratio(a, b)))  # "Apotheke" stands in every pharmacy


def _alike_words(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Every word of the shorter name needs its like in the longer one; the worst pair counts."""
    short, long = sorted((first, second), key=len)
    return min(max(fuzz.ratio(word, other) for other in long) for word in short)


def _alike_persons(first: Profile, second: Profile) -> int:
    if _are_same_words(first, second):  # Petra Schulze, Schulze Petra
        return 100
    family = fuzz.token_sort_ratio(" ".join(first.words), " ".join(second.words))
    if not first.given_name or not second.given_name:
        return int(family)
    given = _alike_given_names(sound_of(first.given_name), sound_of(second.given_name))
    return int(min(family, given)) if given >= SAME_GIVEN_NAME else 0


def _are_same_words(first: Profile, second: Profile) -> bool:
    words = sorted(words_of(first.full_name))
    return len(words) > 1 and words == sorted(words_of(second.full_name))


def _alike_given_names(a: str, b: str) -> float:
    short, long = sorted((a, b), key=len)
    if len(short) <= 2:  # an initial
        return 90 if long.startswith(short) else 0
    if short in long.split():  # one of several given names
        return 90
    return fuzz.ratio(a, b)


def _lacks_given_name(first: Profile, second: Profile) -> bool:
    if first.kind != "person" or _are_same_words(first, second):
        return False
    return not (first.given_name and second.given_name)


def _numbers(profile: Profile) -> set[str]:
    return {word for word in profile.words if word.isdecimal()}


def _one_is_a_branch(first: Profile, second: Profile) -> bool:
    return bool(BRANCH.intersection(first.words)) != bool(BRANCH.intersection(second.words))


def _contact(first: Profile, second: Profile) -> list[dict[str, Any]]:
    found = []
    for name in ("email", "phone", "website"):
        mine, theirs = _values(first, name), _values(second, name)
        if shared := sorted(mine.keys() & theirs.keys()):
            found.append(_same(name, mine[shared[0]], theirs[shared[0]]))
        elif mine and theirs:
            found.append(_reason(name, 0, 0, _first(mine), _first(theirs)))
    fields = {reason["field"] for reason in found if reason["points"]}
    if {"email", "website"} <= fields:  # mostly one and the same domain: it counts once
        found[-1]["points"] = 0
    return found


def _values(profile: Profile, name: str) -> dict[str, str]:
    return {"email": profile.emails, "phone": profile.phones, "website": profile.hosts}[name]


def _whereabouts(first: Profile, second: Profile) -> list[dict[str, Any]]:
    if shared := sorted(first.streets.keys() & second.streets.keys()):
        metres = _distance(first, second)
        if metres is None or metres <= ELSEWHERE:
            return [_same("address", first.streets[shared[0]], second.streets[shared[0]])]
    metres = _distance(first, second)
    streets = _first(first.streets), _first(second.streets)
    if metres is not None and metres <= NEAR:
        return [_reason("near", 100 - metres, POINTS["near"], *streets, metres=metres)]
    if _are_apart(first, second, metres):
        return [_reason("elsewhere", 0, POINTS["elsewhere"], *streets, metres=metres)]
    return []


def _are_apart(first: Profile, second: Profile, metres: int | None) -> bool:
    """Far from each other; without positions: other streets or numbers (3 and 3-5 may be one)."""
    if metres is not None:
        return metres > ELSEWHERE
    pairs = [(a, b) for a in first.streets for b in second.streets]
    return bool(pairs) and not any(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _distance(first: Profile, second: Profile) -> int | None:
    """Metres between the two nearest places of both; None where one has none."""
    ways = [metres_between(a, b) for a in first.places for b in second.places]
    return round(min(ways)) if ways else None


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two WGS84 positions (haversine formula)."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1, sqrt(half)))


def _same(name: str, first: str, second: str) -> dict[str, Any]:
    return _reason(name, 100, POINTS[name], first, second)


def _reason(  # noqa: PLR0917 - a row of the table on the page
    name: str, score: int, points: int, first: str, second: str, metres: int | None = None
) -> dict[str, Any]:
    row = {"field": name, "score": score, "points": points, "first": first, "second": second}
    return row if metres is None else row | {"metres": metres}


def _first(values: dict[str, str]) -> str:
    return next(iter(values.values()), "")
