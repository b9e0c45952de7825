"""Read from the database what is compared of actors."""

from collections.abc import Iterable

from actors.directory.models import Actor, Address, EmailAddress, PhoneNumber
from actors.duplicates.comparing import Profile
from actors.duplicates.spelling import digits_of, host_of


def load(
    pks: Iterable[int], *, ignored: frozenset[str] = frozenset(), chunk: int = 5000
) -> dict[int, Profile]:
    """The profiles of actors by their keys; four queries for each 5,000.

    `ignored` are addresses, digits and hosts that so many share that they say nothing.
    """
    wanted = sorted(set(pks))
    found: dict[int, Profile] = {}
    for start in range(0, len(wanted), chunk):
        found |= _load(wanted[start : start + chunk], ignored)
    return found


def _load(pks: list[int], ignored: frozenset[str]) -> dict[int, Profile]:
    columns = ("pk", "centre_id", "kind", "name", "given_name", "website")
    profiles = {}
    for pk, centre_id, kind, name, given_name, website in Actor.objects.filter(
        pk__in=pks
    ).values_list(*columns):
        profile = Profile(kind, name, given_name, pk=pk, centre_id=centre_id)
        if host_of(website) not in ignored:
            profile.add_website(website)
        profiles[pk] = profile
    for pk, email in EmailAddress.objects.filter(actor__in=pks).values_list("actor_id", "email"):
        if email.lower() not in ignored:
            profiles[pk].add_email(email)
    for pk, number in PhoneNumber.objects.filter(actor__in=pks).values_list("actor_id", "number"):
        if digits_of(number) not in ignored:
            profiles[pk].add_phone(number)
    places = ("actor_id", "street", "latitude", "longitude")
    for pk, *address in Address.objects.filter(actor__in=pks).values_list(*places):
        profiles[pk].add_address(*address)
    return profiles
