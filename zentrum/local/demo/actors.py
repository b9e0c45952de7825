"""About 120 actors with addresses, contact data, sectors and relations."""

from datetime import timedelta

from django.utils.text import slugify

from actors.models import Actor, Address, EmailAddress, PhoneNumber, Relation, Sector
from zentrum.local.demo.businesses import (
    BODIES,
    BUSINESSES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    SECTORS,
)
from zentrum.local.demo.office import Office

# Where a street begins, and the way it takes per house number; degrees north and east.
STREETS = {
    "Marktplatz": (52.0896, 13.1660, 0.00003, 0.00012),
    "Lindenstraße": (52.0890, 13.1646, 0.00001, 0.00016),
    "Mühlgasse": (52.0903, 13.1651, 0.00005, 0.00006),
    "Torgasse": (52.0907, 13.1668, 0.00004, -0.00004),
    "Kirchstraße": (52.0888, 13.1672, -0.00003, 0.00009),
    "Am Anger": (52.0909, 13.1680, -0.00006, 0.00003),
    "Schulstraße": (52.0885, 13.1657, -0.00002, 0.00011),
    "Bahnhofstraße": (52.0910, 13.1578, 0.00001, 0.00017),
}


def build_actors(office: Office) -> list[Actor]:
    """The businesses, in the order of their list; people and bodies stand around them."""
    sectors = {
        key: Sector.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]
        for key, name in SECTORS.items()
    }
    businesses = [
        _build_business(office, sectors, number, *row) for number, row in enumerate(BUSINESSES)
    ]
    bodies = [
        Actor.objects.create(
            kind=Actor.Kind.BODY, name=name, description=text, centre=office.centres[0]
        )
        for name, text in BODIES
    ]
    _build_people(office, businesses, bodies)
    return businesses


def _build_business(
    office: Office,
    sectors: dict[str, Sector],
    number: int,
    name: str,
    form: str,
    sector: str,
    street: str,
) -> Actor:
    actor = Actor.objects.create(
        kind=Actor.Kind.ORGANISATION,
        name=name,
        legal_form=form,
        centre=office.centres[street == "Bahnhofstraße"],
        website=f"https://{slugify(name)}.example" if number % 3 else "",
    )
    actor.sectors.add(sectors[sector])
    house = sum(row[3] == street for row in BUSINESSES[:number]) * 2 + 1 + number % 2
    north, east, step_north, step_east = STREETS[street]
    Address.objects.create(
        actor=actor,
        street=f"{street} {house}",
        postcode="14900",
        town="Birkenfurt",
        latitude=round(north + step_north * house, 6),
        longitude=round(east + step_east * house, 6),
    )
    EmailAddress.objects.create(actor=actor, email=f"kontakt@{slugify(name)}.example", is_main=True)
    PhoneNumber.objects.create(actor=actor, number=f"03371 0000-{100 + number}", label="Laden")
    return actor


def _build_people(office: Office, businesses: list[Actor], bodies: list[Actor]) -> None:
    for number, family_name in enumerate(FAMILY_NAMES):
        given_name = GIVEN_NAMES[number % len(GIVEN_NAMES)]
        business = businesses[number * 2 % len(businesses)]
        person = Actor.objects.create(
            kind=Actor.Kind.PERSON, name=family_name, given_name=given_name, centre=business.centre
        )
        EmailAddress.objects.create(
            actor=person, email=f"{slugify(family_name)}@{slugify(business.name)}.example"
        )
        owns = number % 3 == 0
        Relation.objects.create(
            actor=person,
            kind=Relation.Kind.OWNS if owns else Relation.Kind.WORKS_FOR,
            other=business,
            function="Inhaberin" if owns else "Ansprechperson",
            starts_on=office.today - timedelta(days=3000 - number * 37),
            ends_on=office.today - timedelta(days=90) if number % 11 == 10 else None,
        )
        if number % 2:
            Relation.objects.create(
                actor=person,
                kind=Relation.Kind.MEMBER_OF,
                other=bodies[number % len(bodies)],
                starts_on=office.today - timedelta(days=600),
            )
