"""The shop units of the demo town: three years of history, two surveys, four who look for space."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from actors.models import Actor, Occupancy, Sighting, SpaceRequest, Unit, Walk
from zentrum.accounts.roles import Role
from zentrum.local.demo.actors import STREETS
from zentrum.local.demo.office import Office

State = Occupancy.State
SHOPS = 48  # of the businesses stand in a unit; the others work in offices or public buildings
KNOWN_DAYS = 1100  # three years of history
# Days ago: of the survey before, and of the last one.
SURVEYS = (100, 12)
# Vacant premises: street, number, m², euro of rent, days vacant, who traded there before.
VACANT = [
    ("Lindenstraße", "8a", 95, 1140, 620, "Tabakwaren Rauchzeichen"),
    ("Lindenstraße", "22a", 140, 1540, 210, "Drogerie Seifenblase"),
    ("Lindenstraße", "31a", 60, 690, 41, "Handyladen Klingelton"),
    ("Bahnhofstraße", "4a", 180, 1260, 880, "Videothek Nachtfilm"),
    ("Bahnhofstraße", "17a", 75, 600, 330, "Änderungsschneiderei Faden"),
    ("Bahnhofstraße", "28a", 220, 1760, 60, "Möbel Behaglich"),
    ("Mühlgasse", "9a", 48, 520, 150, "Teeladen Blattgrün"),
    ("Kirchstraße", "14a", 110, 1210, 95, "Lederwaren Sattelfest"),
    ("Schulstraße", "6a", 130, None, 480, "Copyshop Doppelt"),
]
# In interim use: street, number, m², rent, days of it, name, days until it ends (None: open).
INTERIM = [
    ("Torgasse", "11a", 85, 350, 75, "Pop-up-Atelier Farbtupfer", 45),
    ("Lindenstraße", "40a", 160, 500, 120, "Repair-Café Schraube locker", None),
    ("Am Anger", "12a", 70, 300, 30, "Ausstellung „Birkenfurt früher“", 150),
]
AREAS = (45, 60, 72, 85, 95, 110, 125, 150, 190, 240)  # m²
PUBLIC_TEXTS = (
    "Heller Laden mit großem Schaufenster, Kundentoilette, Lagerraum im Keller.",
    "Ehemaliges Fachgeschäft in guter Lauflage, barrierefreier Eingang.",
    "Kleiner Laden mit Hofzugang, auch als Atelier oder Büro geeignet.",
)
OWNERS = ("Hausverwaltung", "Wohnungsgenossenschaft", "Grundstücksgesellschaft", "Immobilien")
# Who, m² from and to, euro at most, streets, days until it is wanted, note.
REQUESTS = [
    ("Café Fräulein Lotte", 80, 130, 1300, "Lindenstraße, Marktplatz", 60, "Café mit Rösterei, Abluft nötig."),
    ("Galerie Farbenlaut", 40, 90, 600, "", 0, "Atelier für drei Künstlerinnen, auch Zwischennutzung."),
    ("Tischlerei Hobelspan", 100, 200, 1500, "Bahnhofstraße", 120, "Werkstatt mit Schaufenster, Zufahrt für Lieferwagen."),
    ("Geschenkestube Kleinod", 50, 80, None, "Mühlgasse, Kirchstraße", 30, "Geschenke und Papier, Nachfolge gesucht."),
]  # fmt: skip


def build_premises(office: Office, businesses: list[Actor]) -> list[Unit]:
    """About 60 units with their history; the surveys and the requests stand on them."""
    owners = [actor for actor in businesses if actor.name.startswith(OWNERS)]
    rows: list[tuple[Unit, list[Occupancy]]] = [
        *_shops(office, businesses[:SHOPS], owners),
        *_vacant(office, owners),
        *_interim(office, owners),
    ]
    units = Unit.objects.bulk_create([unit for unit, _history in rows])
    Occupancy.objects.bulk_create([row for _unit, history in rows for row in history])
    for days in SURVEYS:
        _survey(office, units, days)
    _requests(office, businesses)
    return units


def _shops(office: Office, businesses: list[Actor], owners: list[Actor]) -> Iterator[Any]:
    begin = office.today - timedelta(days=KNOWN_DAYS)
    prefetch_related_objects(businesses, "addresses")
    for number, actor in enumerate(businesses):
        address = actor.addresses.all()[0]
        street, _space, house = address.street.rpartition(" ")
        unit = Unit(
            centre=actor.centre,
            street=street,
            number=house,
            latitude=address.latitude,
            longitude=address.longitude,
            floor_area=AREAS[number * 7 % len(AREAS)] if number % 8 else None,
            rent=None if number % 3 else AREAS[number * 7 % len(AREAS)] * 11,
            owner=owners[number % len(owners)] if number % 2 else None,
        )
        yield unit, list(_history_of_shop(unit, actor, number, begin, office.today))


def _history_of_shop(
    unit: Unit, actor: Actor, number: int, begin: date, today: date
) -> Iterator[Occupancy]:
    """Every sixth shop came within the three years, after a vacancy and a conversion."""
    if number % 6:
        yield _row(unit, State.TRADING, begin, None, actor=actor, source="Bestandsaufnahme")
        return
    came = today - timedelta(days=120 + number * 17)
    empty, works = came - timedelta(days=150), came - timedelta(days=40)
    before = begin if begin < empty else empty - timedelta(days=200)
    yield _row(
        unit, State.TRADING, before, empty, name="Vorherige Nutzung", source="Bestandsaufnahme"
    )
    yield _row(unit, State.VACANT, empty, works, source="Rundgang", sure=Occupancy.Confidence.SEEN)
    yield _row(unit, State.CONVERSION, works, came, actor=actor, source="Eigentümer, telefonisch")
    yield _row(unit, State.TRADING, came, None, actor=actor, source="Eröffnung")


def _vacant(office: Office, owners: list[Actor]) -> Iterator[Any]:
    for number, (street, house, area, rent, days, before) in enumerate(VACANT):
        unit = _unit(office, street, house, area, rent, owners[number % len(owners)])
        unit.is_offered = number % 4 != 3
        unit.is_blurred = number % 3 == 1
        unit.public_text = PUBLIC_TEXTS[number % len(PUBLIC_TEXTS)] if unit.is_offered else ""
        left = office.today - timedelta(days=days)
        begin = office.today - timedelta(days=KNOWN_DAYS)
        history = [_row(unit, State.TRADING, begin, left, name=before, source="Bestandsaufnahme")]
        history.append(
            _row(unit, State.VACANT, left, None, source="Rundgang", sure=Occupancy.Confidence.SEEN)
        )
        yield unit, history


def _interim(office: Office, owners: list[Actor]) -> Iterator[Any]:
    for number, (street, house, area, rent, days, name, left) in enumerate(INTERIM):
        unit = _unit(office, street, house, area, rent, owners[-1 - number])
        came = office.today - timedelta(days=days)
        empty = came - timedelta(days=200)
        begin = office.today - timedelta(days=KNOWN_DAYS)
        ends = office.today + timedelta(days=left) if left else None
        interim = _row(
            unit,
            State.INTERIM,
            came,
            None,
            name=name,
            source="Nutzungsvertrag",
            sure=Occupancy.Confidence.SEEN,
        )
        interim.ends_on = ends
        yield (
            unit,
            [
                _row(
                    unit,
                    State.TRADING,
                    begin,
                    empty,
                    name="Vorherige Nutzung",
                    source="Bestandsaufnahme",
                ),
                _row(unit, State.VACANT, empty, came, source="Rundgang"),
                interim,
            ],
        )


def _unit(
    office: Office, street: str, house: str, area: int, rent: int | None, owner: Actor
) -> Unit:
    from_street = STREETS[street]
    step = int(house.removesuffix("a"))
    return Unit(
        centre=office.centres[street == "Bahnhofstraße"],
        street=street,
        number=house,
        latitude=round(from_street[0] + from_street[2] * step, 6),
        longitude=round(from_street[1] + from_street[3] * step, 6),
        floor_area=area,
        rent=rent,
        owner=owner,
    )


def _row(
    unit: Unit,
    state: str,
    starts_on: date,
    next_on: date | None,
    *,
    actor: Actor | None = None,
    name: str = "",
    source: str,
    sure: int = Occupancy.Confidence.TOLD,
) -> Occupancy:
    """A state from a day to the day before the next one begins."""
    return Occupancy(
        unit=unit,
        state=state,
        actor=actor,
        shown_name=name,
        starts_on=starts_on,
        ends_on=next_on - timedelta(days=1) if next_on else None,
        source=source,
        confidence=sure,
    )


def _survey(office: Office, units: list[Unit], days: int) -> None:
    """All streets of the old town, as they were on that day."""
    day = office.today - timedelta(days=days)
    centre = office.centres[0]
    walk = Walk.objects.create(
        centre=centre,
        walked_on=day,
        by=office.staff[Role.DESK],
        finished_at=timezone.make_aware(datetime.combine(day, time(16, 30))),
    )
    standing = Occupancy.objects.on(day).filter(unit__centre=centre).select_related("actor")
    Sighting.objects.bulk_create(
        Sighting(walk=walk, unit_id=row.unit_id, state=row.state, shown_name=row.who)
        for row in standing.order_by("pk")
    )


def _requests(office: Office, businesses: list[Actor]) -> None:
    named = {actor.name: actor for actor in businesses}
    for name, low, high, rent, streets, days, note in REQUESTS:
        actor = named[name]
        SpaceRequest.objects.create(
            centre=office.centres["Bahnhofstraße" in streets],
            actor=actor,
            sector=actor.sectors.first(),
            area_from=low,
            area_to=high,
            rent_to=rent,
            streets=streets,
            wanted_from=office.today + timedelta(days=days) if days else None,
            note=note,
        )
