"""Who an actor is in words: what to look for in texts when it is to be erased or disclosed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from actors.directory.models import Actor, Address, EmailAddress, PhoneNumber

GAP = r"[\s/().-]*"  # between the digits of a phone number, as people write it
COUNTRY = rf"(?:(?:\+|00)49{GAP}(?:\(0\))?|0)?"
FEWEST_DIGITS = 6
NAME = ("given_name", "name")
SHORTEST = 3  # letters of a name that is looked for
SPELLINGS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)", "ß": "(?:ß|ss)"}


@dataclass(frozen=True)
class Identity:
    """Names, addresses and numbers of an actor, today's and former ones.

    `parts` (a family name alone, a street) say who it is only in the actor's own matters.
    Whatever another actor has as well (the shop's address) is not in here.
    """

    names: frozenset[str]
    parts: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]

    @classmethod
    def of(cls, actors: list[Actor]) -> "Identity":
        keys = [actor.pk for actor in actors]
        events = _events(Actor).filter(pgh_obj_id__in=keys)
        named = {(a.given_name, a.name, a.legal_form) for a in actors}
        named |= set(events.values_list("given_name", "name", "legal_form"))
        full = {f"{given} {name}".strip() for given, name, _form in named if given or name}
        is_person = actors[0].kind == Actor.Kind.PERSON
        streets = Address.objects.filter(actor__in=keys).exclude(street="")
        parts = full | {part for given, name, _form in named for part in (given, name)}
        parts |= set(streets.values_list("street", flat=True)) if is_person else set()
        names = {name for name in full if not is_person or " " in name}
        return cls(
            names=frozenset(_long(names) - _names_of_others(named, keys)),
            parts=frozenset(_long(parts)),
            emails=frozenset(_emails(keys)),
            phones=frozenset(_phones(keys)),
        )

    @cached_property
    def narrow(self) -> str:
        """A pattern for any text; PostgreSQL and Python read it alike. Empty: nothing to find."""
        return _pattern(self.names, self.emails, self.phones)

    @cached_property
    def wide(self) -> str:
        """A pattern for texts of the actor's own matters."""
        return _pattern(self.names | self.parts, self.emails, self.phones)


def replaced(text: str, pattern: str, by: str) -> str:
    return re.sub(pattern, by, text, flags=re.IGNORECASE) if pattern else text


def _pattern(names: Iterable[str], emails: Iterable[str], phones: Iterable[str]) -> str:
    parts = [_name(name) for name in sorted(names, key=lambda name: (-len(name), name))]
    parts += [rf"(?<![\w.+-]){re.escape(email)}(?!\w)" for email in sorted(emails)]
    parts += [rf"(?<!\d){COUNTRY}{GAP}{GAP.join(digits)}(?!\d)" for digits in sorted(phones)]
    return "|".join(parts)


def _name(name: str) -> str:
    words = [
        "".join(SPELLINGS.get(letter, re.escape(letter)) for letter in word.lower())
        for word in name.split()
    ]
    return r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"


def _events(model: Any) -> Any:
    """What the history keeps of a model."""
    return model._meta.get_field("events").related_model.objects


def _long(names: Iterable[str]) -> set[str]:
    return {name for name in names if len(name) >= SHORTEST}


def _names_of_others(named: set[tuple[str, str, str]], keys: list[int]) -> set[str]:
    """Names that somebody else has as well: in a text they may mean either."""
    same = [Q(given_name__iexact=given, name__iexact=name) for given, name, _form in named]
    others = Actor.objects.exclude(pk__in=keys).filter(Q(*same, _connector=Q.OR))
    taken = {(given.lower(), name.lower()) for given, name in others.values_list(*NAME)}
    alike = {pair[:2] for pair in named if (pair[0].lower(), pair[1].lower()) in taken}
    return {f"{given} {name}".strip() for given, name in alike}


def _emails(keys: list[int]) -> set[str]:
    events = _events(EmailAddress)
    own = set(EmailAddress.objects.filter(actor__in=keys).values_list("email", flat=True))
    own |= set(events.filter(actor_id__in=keys).values_list("email", flat=True))
    own = {email.lower() for email in own if email}
    shared = EmailAddress.objects.exclude(actor__in=keys).filter(email__in=own)
    return own - {email.lower() for email in shared.values_list("email", flat=True)}


def _phones(keys: list[int]) -> set[str]:
    events = _events(PhoneNumber)
    own = set(PhoneNumber.objects.filter(actor__in=keys).values_list("number", flat=True))
    own |= set(events.filter(actor_id__in=keys).values_list("number", flat=True))
    digits = {significant(number) for number in own}
    return {
        number for number in digits if len(number) >= FEWEST_DIGITS and not _shared(number, keys)
    }


def _shared(digits: str, keys: list[int]) -> bool:
    same = Q(number__iregex=rf"(?<!\d){COUNTRY}{GAP}{GAP.join(digits)}(?!\d)")
    return PhoneNumber.objects.exclude(actor__in=keys).filter(same).exists()


def significant(number: str) -> str:
    """The digits of a phone number without the country's and the leading zero."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return re.sub(r"^(?:0049|49(?=\d{8})|0)", "", digits)
