"""Are rows of an import in the directory already? Looked up by what the rows name.

A page of rows costs at most nine queries; memory grows with the rows, never with the directory.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count
from django.db.models.functions import Lower

from actors.directory.lookup_keys import PHONE_KEY, cell_key, cell_of, host_key, phone_key
from actors.directory.models import Actor, Address, EmailAddress, PhoneNumber
from actors.duplicates import profiles
from actors.duplicates.comparing import Profile, compare
from actors.duplicates.hints import MOST, Values, profile_of
from actors.duplicates.spelling import house_of
from zentrum.office.models import Centre

MOST_SHARING = 100  # actors that share a key; beyond, it says nothing


def likely_for_all(rows: Iterable[Values], centre: Centre) -> list[list[int]]:
    """Per row the keys of at most five active actors that it may stand for, best first.

    `rows` are values as `hints.likely` takes them; an actor is never named for its name alone.
    """
    wanted = [profile_of(values) for values in rows]
    known = profiles.load(_found(wanted, centre))
    by_key: dict[str, list[int]] = defaultdict(list)
    for pk, profile in known.items():
        for key in _keys(profile):
            by_key[key].append(pk)
    return [_among(profile, by_key, known) for profile in wanted]


def _among(wanted: Profile, by_key: dict[str, list[int]], known: dict[int, Profile]) -> list[int]:
    groups = [by_key[key] for key in _keys(wanted) if key in by_key]
    pks = {pk for group in groups if len(group) <= MOST_SHARING for pk in group}
    compared = [(pk, compare(wanted, known[pk])) for pk in sorted(pks)]
    named = [(pk, result) for pk, result in compared if result and result.is_proposed]
    return [pk for pk, result in sorted(named, key=lambda row: -row[1].score)][:MOST]


def _keys(profile: Profile) -> set[str]:
    """What two actors share when they are one; of the streets the name and number."""
    places = {f"{lat:.3f};{lon:.3f}" for lat, lon in profile.places}
    return {*profile.emails, *profile.phones, *profile.hosts, *profile.streets, *places}


def _found(wanted: list[Profile], centre: Centre) -> set[int]:
    """The actors of the centre that share a key with one of the rows."""
    emails = {email for profile in wanted for email in profile.emails}
    phones = {digits[-PHONE_KEY:] for profile in wanted for digits in profile.phones}
    cells = {cell_of(*place) for profile in wanted for place in profile.places}
    hosts = {host for profile in wanted for host in profile.hosts}
    active = Actor.objects.active().filter(centre=centre).order_by()
    found: set[int] = set()
    found.update(_sharing(EmailAddress.objects.annotate(key=Lower("email")), emails, centre))
    found.update(_sharing(PhoneNumber.objects.annotate(key=phone_key()), phones, centre))
    found.update(_sharing(Address.objects.annotate(key=cell_key()), cells, centre))
    found.update(_of_hosts(active, hosts))
    houses = sorted({house_of(s) for profile in wanted for s in profile.streets.values()})
    here = Address.objects.filter(actor__in=active).order_by()
    found.update(_united([here.filter(search_text__regex=h).values("actor") for h in houses]))
    return found


def _sharing(rows: Any, keys: set[Any], centre: Centre) -> Iterator[int]:
    if keys:
        active = rows.filter(actor__centre=centre, actor__archived_at__isnull=True)
        yield from _in_groups(active.filter(key__in=keys), "actor")


def _of_hosts(active: Any, hosts: set[str]) -> Iterator[int]:
    if hosts:
        yield from _in_groups(active.annotate(key=host_key()).filter(key__in=hosts), "pk")


def _in_groups(rows: Any, actor: str) -> Iterator[int]:
    """The actors of each key that not too many share."""
    groups = (
        rows.order_by()
        .values("key")
        .annotate(pks=ArrayAgg(actor, distinct=True), number=Count(actor, distinct=True))
    )
    for pks in groups.filter(number__lte=MOST_SHARING).values_list("pks", flat=True):
        yield from pks


def _united(queries: list[Any]) -> Iterator[int]:
    """The keys that the queries find, at most 101 of each, in one query."""
    if not queries:
        return
    first, *others = [query[: MOST_SHARING + 1] for query in queries]
    rows = first.union(*others, all=True) if others else first
    for row in rows:
        yield from row.values()
