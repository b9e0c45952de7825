"""Actors that stand in the demo town twice, some that only look like it, and one merge."""

from typing import Any

from actors.duplicates import finding, merging
from actors.models import Actor, Address
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

# Name, whose double it is, what both share: found in the night.
DOUBLES = [
    ("Baeckerei Aehrenfeld", "Bäckerei Ährenfeld", "address"),  # umlaut
    ("Optik Klahrblick", "Optik Klarblick", "phone"),  # spelling
    ("Maschenglück Wollstübchen", "Wollstübchen Maschenglück", "address"),  # swapped words
    ("Salon Haargenau", "Friseur Haargenau", "phone"),  # shared phone
    ("Modehaus Wendelin OHG", "Modehaus Wendelin", "email"),  # legal form
    ("Cafe Morgenrot", "Café Morgenrot", "email"),
    ("Teestube Samowar", "Teestube Samowar", ""),  # only the name
]
# Name, of whom it looks a double and is none, what both share, its own street.
LOOK_ALIKES = [
    ("Bäckerei Mehlwurm", "Bäckerei Mehlwurm", "website", "Bahnhofstraße 61"),  # a branch
    ("Zahnarztpraxis Dr. Kernbach", "Zahnarztpraxis Dr. Perlmann", "address phone", ""),
    ("Optik Bauernfeind", "Optik Klarblick", "address", ""),
]
MERGED = "Cafe Morgenrot"


def build_duplicates(office: Office) -> None:
    names = {row[1] for row in (*DOUBLES, *LOOK_ALIKES)}
    originals = {actor.name: actor for actor in Actor.objects.filter(name__in=names).order_by("pk")}
    for name, of, shared in DOUBLES:
        _build(name, originals[of], shared)
    for name, of, shared, street in LOOK_ALIKES:
        _build(name, originals[of], shared, street)
    manager = office.staff[Role.MANAGER]
    double = Actor.objects.get(name=MERGED)
    merging.merge(originals["Café Morgenrot"], double, by=manager, values={})
    finding.find()


def _build(name: str, original: Actor, shared: str, street: str = "") -> None:
    double = Actor.objects.create(
        kind=original.kind,
        name=name,
        centre=original.centre,
        website=original.website if "website" in shared else "",
    )
    rows: Any
    for word, rows in (
        ("address", original.addresses),
        ("phone", original.phones),
        ("email", original.emails),
    ):
        if word in shared:
            row = rows.first()
            row.pk, row.actor = None, double
            row._state.adding = True
            row.save()
    if street:
        Address.objects.create(actor=double, street=street, postcode="14900", town="Birkenfurt")
