"""Who works together: the association's members, cooperations, notes and introductions."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from actors.models import Actor, ActorNote, Introduction, Relation
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

ASSOCIATION = "Gewerbeverein Birkenfurt"
EVERY_MEMBER = 3  # so many businesses, one of them is a member
COOPERATIONS = [
    ("Buchhandlung Seitenwechsel", "Stadtbibliothek Birkenfurt", "Lesesommer"),
    ("Buchhandlung Seitenwechsel", "Grundschule am Anger", "Vorlesetag"),
    ("Stadtbibliothek Birkenfurt", "Oberschule Birkenfurt", "Leseclub"),
    ("Stadtbibliothek Birkenfurt", "Mehrgenerationenhaus Birkenfurt", "Erzählcafé"),
    ("Café Morgenrot", "Galerie Farbenlaut", "Ausstellungen im Café"),
    ("Galerie Farbenlaut", "Kulturverein Anger 7", "Kunstnacht"),
    ("Kino Lichtspiel am Anger", "Kulturverein Anger 7", "Filmreihe"),
    ("Musikhaus Tonleiter", "Musikschule Notenschlüssel", "Instrumente für Kinder"),
    ("Musikschule Notenschlüssel", "Grundschule am Anger", "Bläserklasse"),
    ("Turn- und Sportverein Birkenfurt", "Oberschule Birkenfurt", "Sporttag"),
    ("Nachbarschaftshilfe Birkenfurt", "Mehrgenerationenhaus Birkenfurt", "Besuchsdienst"),
    ("Heimatverein Birkenfurt", "Heimatmuseum Birkenfurt", "Stadtführungen"),
    ("Bäckerei Mehlwurm", "Bioladen Grünschnabel", "Frühstückstüte"),
    ("Hofladen Storchennest", "Gasthaus Zum Birkenwirt", "Gemüse aus der Region"),
]
NOTES = [
    ("Buchhandlung Seitenwechsel", "Spricht gern für die Läden am Marktplatz. Dienstags nicht da."),
    ("Buchhandlung Seitenwechsel", "Würde zur Lesenacht bis 22 Uhr öffnen."),
    ("Café Morgenrot", "Die Terrasse ist der Treffpunkt am Samstag; leiht uns Stühle für Feste."),
    ("Bäckerei Mehlwurm", "Am besten nachmittags anrufen, vorher steht der Chef in der Backstube."),
    ("Galerie Farbenlaut", "Sucht Schaufenster, die zeitweise leer stehen."),
]
INTRODUCTIONS = [
    ("Buchhandlung Seitenwechsel", "Galerie Farbenlaut", "00000000-0000-4000-8000-000000000001"),
    (
        "Bäckerei Mehlwurm",
        "Mehrgenerationenhaus Birkenfurt",
        "00000000-0000-4000-8000-000000000002",
    ),
]
GREETING = "Guten Tag,\n\nSie suchen beide jemanden für den Adventsmarkt. Ich denke, Sie passen gut zusammen."


def build_network(office: Office, businesses: list[Actor]) -> None:
    actors = {actor.name: actor for actor in businesses}
    members = [actor for name, actor in sorted(actors.items()) if name != ASSOCIATION]
    since = office.today - timedelta(days=400)
    rows = [
        Relation(
            actor=actor, kind=Relation.Kind.MEMBER_OF, other=actors[ASSOCIATION], starts_on=since
        )
        for actor in members[::EVERY_MEMBER]
    ]
    rows += [
        Relation(
            actor=actors[one],
            kind=Relation.Kind.COOPERATES,
            other=actors[other],
            function=what,
            starts_on=since + timedelta(days=20 * number),
        )
        for number, (one, other, what) in enumerate(COOPERATIONS)
    ]
    Relation.objects.bulk_create(rows)
    _build_notes(office, actors)


def _build_notes(office: Office, actors: dict[str, Actor]) -> None:
    notes = ActorNote.objects.bulk_create(
        ActorNote(actor=actors[name], author=office.staff[Role.MANAGER], text=text)
        for name, text in NOTES
    )
    introductions = Introduction.objects.bulk_create(
        Introduction(
            first=actors[one],
            second=actors[other],
            by=office.staff[Role.MANAGER],
            text=GREETING,
            submission=submission,
        )
        for one, other, submission in INTRODUCTIONS
    )
    noon = timezone.make_aware(datetime.combine(office.today, time(12)))
    for number, row in enumerate([*notes, *introductions], start=1):
        written = noon - timedelta(days=9 * number, hours=number % 4)
        type(row)._default_manager.filter(pk=row.pk).update(created_at=written)
