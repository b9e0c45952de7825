"""The bodies of the invented town with their seats, and what its people can help with."""

from datetime import date, timedelta

from actors.bodies.models import Body, Group, Quota, Seat
from actors.models import Actor, Expertise, FieldOfExpertise
from zentrum.local.demo.office import Office

KINDS = {
    "Lenkungsgruppe Innenstadt": (Body.Kind.STEERING_GROUP, False),
    "Lokale Partnerschaft Birkenfurt": (Body.Kind.LOCAL_PARTNERSHIP, False),
    "Arbeitsgruppe Schaufenster": (Body.Kind.WORKING_GROUP, False),
    "Arbeitsgruppe Grün und Schatten": (Body.Kind.WORKING_GROUP, False),
    "Runder Tisch Bahnhofsviertel": (Body.Kind.NETWORK, True),
}
MEMBERS = {  # groups of the voting seats, in order
    "Lenkungsgruppe Innenstadt": [
        Group.ADMINISTRATION, Group.ADMINISTRATION, Group.POLITICS, Group.TRADE, Group.TRADE,
        Group.TRADE, Group.OWNERS, Group.ASSOCIATIONS,
    ],
    "Lokale Partnerschaft Birkenfurt": [
        Group.ADMINISTRATION, Group.ADMINISTRATION, Group.POLITICS, Group.POLITICS, Group.TRADE,
        Group.TRADE, Group.RESIDENTS,
    ],
    "Arbeitsgruppe Schaufenster": [Group.TRADE, Group.TRADE, Group.OWNERS],
    "Arbeitsgruppe Grün und Schatten": [Group.RESIDENTS, Group.ASSOCIATIONS, Group.ADMINISTRATION],
}  # fmt: skip
FUNCTIONS = ("Vorsitz", "stellvertretender Vorsitz", "Protokoll")
EXPERTS = [
    ("Planungsbüro Weitblick", "Stadtplanung", "Verkehrsberuhigung, Beteiligung", 40),
    ("Lichtwerk Ingenieure", "Beleuchtung", "Wege, Fassaden, Baumstrahler", 200),
    ("Industrie- und Handelskammer", "Betriebsnachfolge", "Sprechtag jeden ersten Mittwoch", 90),
    ("Untere Denkmalschutzbehörde", "Denkmalschutz", "Werbeanlagen, Fenster, Farben", 15),
    ("Kanzlei Paragraf & Partner", "Gewerbemietrecht", "Musterverträge für Zwischennutzung", 300),
    ("Zentrenbüro Nachbarstadt", "Verfügungsfonds", "Richtlinie und Jury seit 2019", 120),
]
SHOP_EXPERTISE = ["Schaufenstergestaltung", "Märkte und Feste", "Onlinehandel", "Ausbildung"]


def build_bodies(office: Office) -> None:
    people = list(Actor.objects.filter(kind=Actor.Kind.PERSON).order_by("pk"))
    for name, (kind, is_external) in KINDS.items():
        actor = Actor.objects.get(kind=Actor.Kind.BODY, name=name)
        if is_external:
            actor.website = "https://runder-tisch-bahnhof.example/"
            actor.save()
        body = Body.objects.create(
            actor=actor,
            kind=kind,
            is_external=is_external,
            contact=people[0] if is_external else None,
            quorum_percent=None if is_external else 50,
            seats_planned=9 if kind == Body.Kind.STEERING_GROUP else None,
            rules_source="" if is_external else "Stadtverordnetenversammlung, 12. März 2025",
        )
        _build_seats(office, body, people)
        people = people[5:] + people[:5]
    _build_quotas()
    _build_expertise(office)


def _build_seats(office: Office, body: Body, people: list[Actor]) -> None:
    start = office.today - timedelta(days=500)
    for number, group in enumerate(MEMBERS.get(str(body.actor), [])):
        person = people[number]
        works = person.relations.filter(kind__in=("owns", "works_for")).first()
        speaks_for = works.other if works and group in (Group.TRADE, Group.OWNERS) else None
        Seat.objects.create(
            body=body,
            person=person,
            group=group,
            represents=speaks_for,
            deputy=people[-1 - number] if number % 2 == 0 else None,
            function=FUNCTIONS[number] if number < len(FUNCTIONS) else "",
            starts_on=start + timedelta(days=number * 20),
        )
    if body.kind == Body.Kind.STEERING_GROUP:
        Seat.objects.create(
            body=body,
            person=people[12],
            group=Group.EXPERTS,
            is_voting=False,
            starts_on=start,
        )
        Seat.objects.create(
            body=body,
            person=people[13],
            group=Group.POLITICS,
            starts_on=start,
            ends_on=office.today - timedelta(days=60),
        )


def _build_quotas() -> None:
    partnership = Body.objects.get(kind=Body.Kind.LOCAL_PARTNERSHIP)
    Quota.objects.create(body=partnership, group="civil_society", at_least_percent=50)
    steering = Body.objects.get(kind=Body.Kind.STEERING_GROUP)
    Quota.objects.create(body=steering, group="each", at_most_percent=49)


def _build_expertise(office: Office) -> None:
    for name, field, note, days_ago in EXPERTS:
        expert = Actor.objects.create(
            kind=Actor.Kind.ORGANISATION, name=name, centre=office.centres[0]
        )
        used_on = office.today - timedelta(days=days_ago)
        _knows(expert, field, note, "Empfehlung der Stadtentwicklung", used_on)
    shops = Actor.objects.filter(kind=Actor.Kind.ORGANISATION, sectors__isnull=False)
    for number, shop in enumerate(shops.order_by("pk").distinct()[:24:2]):
        field = SHOP_EXPERTISE[number % len(SHOP_EXPERTISE)]
        _knows(shop, field, "", "Gespräch im Laden", None)


def _knows(actor: Actor, name: str, note: str, source: str, used_on: date | None) -> None:
    field = FieldOfExpertise.objects.get_or_create(name=name)[0]
    Expertise.objects.create(
        actor=actor, field=field, note=note, source=source, last_used_on=used_on
    )
