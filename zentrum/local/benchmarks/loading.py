"""An office with a long history, written by the database itself.

History grows by time, as in a real town: the density per year stays the same, so 20,000 cases are
two years and 100,000 are ten. What is open now does not depend on how long the office exists.
"""

from dataclasses import dataclass
from datetime import date

import pgtrigger
from django.db.models import Model

from actors.models import Actor, Address, EmailAddress, Relation, Sector
from contacts.cases.messages import SearchDocument
from contacts.models import Case, Message
from projects.models import (
    FieldOfAction,
    Idea,
    IdeaFollower,
    Milestone,
    Participant,
    ProgressNote,
    Project,
)
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.local.benchmarks.filling import execute, fill, one_of, pick, series, text_of
from zentrum.office.models import Carrier, Centre, Mandate, Town

CASES_A_YEAR = 10_000
MESSAGES_EACH = 5
RELATIONS_EACH = 3
RARE, FREQUENT = "Zaunkönig", "Laterne"  # in one of 4,000 cases, in about one of seven
RARE_EVERY = 4_000
TOPICS = (  # noqa: SIM905 - a text of words is easier to read than a list of them
    "Bank Baum Brunnen Bühne Café Dach Eingang Fahrrad Fassade Fenster Fest Garten Gasse Geschäft"
    " Gehweg Haltestelle Hof Kiosk Kreuzung Laterne Leerstand Lieferzone Markt Mauer Miete Müll"
    " Musik Nachbar Parkplatz Pflaster Platz Poller Radweg Rampe Regen Schaufenster Schild Schule"
    " Spielplatz Straße Tafel Terrasse Treppe Ufer Verein Vermieter Weihnachten Werbung Winter"
).split()
WORDS = (  # noqa: SIM905
    "anfragen bauen bitten blühen fehlen gehen helfen leuchten nutzen öffnen pflanzen reinigen"
    " sitzen sperren und oder mit ohne am beim zur zum vor nach über wann wer warum vielleicht"
    " schnell schön laut leise täglich immer wieder endlich gerne leider trotzdem eigentlich"
).split()
NAMES = (  # noqa: SIM905
    "Yilmaz Schulze Öztürk Brandt Kühn Nowak Lehmann Krüger Arslan Vogel Winter Busch Sommer"
    " Keller Roth Hahn Frank Berger Seidel Haas"
).split()


@dataclass(frozen=True)
class Office:
    manager: User
    city: User
    owners: list[int]
    centres: list[int]
    carrier: int


def build_office() -> Office:
    town = Town.objects.create(name="Messstadt", land="BE", email="zentrum@example.org")
    carrier = Carrier.objects.create(name="Träger", kind=Carrier.Kind.CONTRACTOR)
    centres = [
        Centre.objects.create(
            town=town, carrier=carrier, name=name, slug=name.lower(), address="Markt 1"
        )
        for name in ("Altstadt", "Bahnhof")
    ]
    owners = []
    for number in range(8):
        user = User.objects.create_user(f"desk{number}@example.org", name=f"Person {number}")
        role = Role.DESK if number else Role.MANAGER
        Mandate.objects.create(user=user, role=role, carrier=carrier, starts_on=date(2015, 1, 1))
        owners.append(user)
    city = User.objects.create_user("city@example.org", name="Stadt")
    Mandate.objects.create(user=city, role=Role.CITY, carrier=carrier, starts_on=date(2015, 1, 1))
    return Office(
        manager=owners[0],
        city=city,
        owners=[owner.pk for owner in owners],
        centres=[centre.pk for centre in centres],
        carrier=carrier.pk,
    )


def load_actors(office: Office, count: int) -> None:
    Sector.objects.bulk_create(
        Sector(name=f"Branche {number}", slug=f"branche-{number}") for number in range(20)
    )
    with pgtrigger.ignore():
        fill(
            Actor,
            series(1, count),
            id="i",
            kind="'organisation'",
            name=f"{pick(NAMES, 'i')} || ' ' || {pick(TOPICS, 'i + 7')} || ' ' || i",
            centre=one_of(office.centres, "i"),
        )
        fill(
            Address,
            series(1, count),
            actor="i",
            street=f"{pick(NAMES, 'i')} || 'straße ' || (i % 200)",
            postcode="'10551'",
            town="'Messstadt'",
            latitude="52.52 + (i % 141) * 0.0002",
            longitude="13.34 + (i % 173) * 0.0003",
        )
        fill(EmailAddress, series(1, count), actor="i", email="'laden' || i || '@example.org'")
        execute(
            "INSERT INTO actors_actor_sectors (actor_id, sector_id)"
            " SELECT id, 1 + id % 20 FROM actors_actor"
        )
        fill(
            Relation,
            f"{series(1, count)}, generate_series(1, {RELATIONS_EACH}) AS n",
            actor="i",
            kind=pick(list(Relation.Kind.values), "i + n"),
            other=f"1 + (i + n * 7) % {count}",
            function=pick(TOPICS, "i * 3 + n"),
            starts_on="current_date - (i % 3000)::int",
        )
    _set_sequences(Actor)


def load_projects(office: Office, count: int) -> None:
    """Ten years of projects; those of the last half year run, the others are settled."""
    fields = list(FieldOfAction.objects.values_list("pk", flat=True))
    running = max(count // 20, 10)
    with pgtrigger.ignore():
        fill(
            Project,
            series(1, count),
            id="i",
            reference="'P-2026-' || i",
            title=_text("i", 4),
            summary=_text("i + 3", 30),
            field_of_action=one_of(fields, "i"),
            phase=f"CASE WHEN i <= {count - running} THEN 'settled'"
            f" ELSE {pick(['planning', 'tendering', 'implementation'], 'i')} END",
            light="CASE WHEN i % 11 = 0 THEN 'yellow' ELSE 'green' END",
            light_sentence="CASE WHEN i % 11 = 0 THEN 'Das Angebot fehlt.' ELSE '' END",
            lead=one_of(office.owners, "i"),
            centre=one_of(office.centres, "i"),
            carrier=str(office.carrier),
            starts_on=f"current_date - ({count} - i) * 3650 / {count}",
            is_public="i % 2 = 0",
        )
        fill(
            Milestone,
            f"{series(1, count)}, generate_series(1, 4) AS n",
            project="i",
            title=f"'Schritt ' || n || ' ' || {pick(TOPICS, 'i + n')}",
            planned_on=f"current_date - ({count} - i) * 3650 / {count} + n * 45",
            reached_on=f"CASE WHEN i <= {count - running} OR n = 1"
            f" THEN current_date - ({count} - i) * 3650 / {count} + n * 45 + (i % 9) END",
        )
        execute(  # each step waits for the one before
            "INSERT INTO projects_dependency (created_at, updated_at, earlier_id, later_id)"
            " SELECT now(), now(), earlier.id, min(later.id) FROM projects_milestone AS earlier"
            " JOIN projects_milestone AS later ON later.project_id = earlier.project_id"
            " AND later.planned_on > earlier.planned_on GROUP BY earlier.id"
        )
        fill(
            Participant,
            f"{series(1, count)}, generate_series(1, 3) AS n",
            project="i",
            actor="1 + (i * 7 + n * 13) % (SELECT count(*) FROM actors_actor)",
        )
        fill(
            ProgressNote,
            f"{series(1, count)}, generate_series(1, 5) AS n",
            project="i",
            author=one_of(office.owners, "i"),
            text=_text("i + n", 20),
        )
    _set_sequences(Project)


def load_cases(office: Office, first: int, last: int, newest: int) -> None:
    """Cases number `first` to `last` of the day: the higher the number, the longer ago.

    `newest` is the highest primary key; it belongs to the case that came in last.
    """
    age = f"make_interval(secs => (i - 1) * {365 * 86400 / CASES_A_YEAR})"
    is_open = "(i <= 200 AND i % 2 = 0)"
    is_waiting = "(i <= 200 AND i % 10 = 1)"
    is_closed = f"NOT {is_open} AND NOT {is_waiting}"
    is_answered = f"({is_closed} OR i % 4 = 0)"
    received = f"now() - {age}"
    due = "((i % 9) + 3)"
    with pgtrigger.ignore():
        fill(
            Case,
            series(first, last),
            id=f"{newest} - i + 1",
            reference=f"'V-' || extract(year FROM {received}) || '-' || ({newest} - i + 1)",
            code="upper(substr(md5(i::text), 1, 8))",
            kind=f"CASE WHEN i % 20 = 0 THEN 'idea' ELSE {pick(['enquiry', 'complaint'], 'i')} END",
            channel=pick(["online", "email", "phone", "counter"], "i"),
            subject=f"{_text('i', 4)}"
            f" || CASE WHEN i % {RARE_EVERY} = 1 THEN ' Zaunkönig' ELSE '' END",
            centre=one_of(office.centres, "i"),
            carrier=str(office.carrier),
            owner=one_of(office.owners, "i * 3"),
            actor="CASE WHEN i % 3 = 0 THEN 1 + i % (SELECT count(*) FROM actors_actor) END",
            sender_name=f"{pick(NAMES, 'i')} || ' ' || {pick(NAMES, 'i + 5')}",
            sender_email="'mensch' || (i % 30000) || '@example.org'",
            email_confirmed_at=received,
            state=f"CASE WHEN {is_open} THEN 'open' WHEN {is_waiting} THEN 'waiting'"
            " ELSE 'closed' END",
            reply_by=f"({received})::date + {due}",
            promised_on=f"({received})::date + {due}",
            promise_ends_on=f"({received})::date + {due}",
            promise_kept=f"CASE WHEN {is_answered} THEN i % 8 <= {due} END",
            waiting_on=f"CASE WHEN {is_waiting} THEN 'third_party' ELSE '' END",
            waiting_since=f"CASE WHEN {is_waiting} THEN current_date - 1 END",
            waiting_until=f"CASE WHEN {is_waiting} THEN current_date + (i % 20)::int + 1 END",
            waiting_for=f"CASE WHEN {is_waiting} THEN 'das Tiefbauamt' ELSE '' END",
            outcome=f"CASE WHEN {is_closed} THEN"
            f" {pick(['answered', 'answered', 'referred', 'not_possible'], 'i')} ELSE '' END",
            outcome_text=f"CASE WHEN {is_closed} THEN 'Erledigt.' ELSE '' END",
            closed_at=f"CASE WHEN {is_closed} THEN {received} + interval '6 days' END",
            read_at=f"CASE WHEN i > 40 THEN {received} + interval '1 hour' END",
            received_at=received,
            first_answered_at=f"CASE WHEN {is_answered}"
            f" THEN {received} + make_interval(days => (i % 8)::int) END",
            first_answer_days=f"CASE WHEN {is_answered} THEN i % 8 END",
            last_incoming_at=received,
            created_at=received,
        )
        fill(
            Message,
            f"{series(first, last)}, generate_series(1, {MESSAGES_EACH}) AS n",
            case=f"{newest} - i + 1",
            kind="CASE n WHEN 1 THEN 'incoming' WHEN 2 THEN 'event' WHEN 3 THEN 'outgoing'"
            " WHEN 4 THEN 'incoming' ELSE 'note' END",
            event="CASE n WHEN 2 THEN 'received' ELSE '' END",
            author=f"CASE WHEN n IN (3, 5) THEN {one_of(office.owners, 'i')} END",
            text=f"CASE n WHEN 2 THEN '' ELSE {_text('i * 7 + n', 22)} END",
            created_at=f"{received} + make_interval(hours => n)",
        )
    _write_search_documents(newest - last + 1, newest - first + 1)


def _write_search_documents(first: int, last: int) -> None:
    """What the triggers do case by case."""
    joined = (
        "concat_ws(' ', matter.search_text, ("
        "SELECT string_agg(message.search_text, ' ' ORDER BY message.id)"
        " FROM contacts_message AS message WHERE message.case_id = matter.id))"
    )
    source = f"contacts_case AS matter WHERE matter.id BETWEEN {first} AND {last}"
    fill(SearchDocument, source, case="matter.id", text=joined)


def load_ideas(office: Office, first: int, last: int) -> None:
    fields = list(FieldOfAction.objects.values_list("pk", flat=True))
    with pgtrigger.ignore():
        fill(
            Idea,
            series(first, last),
            id="i",
            reference="'I-2026-' || i",
            title=_text("i + 11", 4),
            text=_text("i + 5", 40),
            public_text=_text("i + 6", 30),
            centre=one_of(office.centres, "i"),
            carrier=str(office.carrier),
            field_of_action=one_of(fields, "i"),
            state=pick(["in_review", "accepted", "project_started", "settled"], "i"),
            received_on=f"current_date - (i * {365 * 20 / CASES_A_YEAR})::int",
            author_confirmed_at="now()",
            released_at="CASE WHEN i % 2 = 0 THEN now() - make_interval(hours => i::int) END",
        )
        fill(
            IdeaFollower,
            series(first, last),
            idea="i",
            email="'mensch' || i || '@example.org'",
            token="md5(i::text)",  # noqa: S106 - no password
        )


def tidy() -> None:
    """What the database's own housekeeping would have done over the years."""
    for model in (Case, Idea):
        _set_sequences(model)
    execute("VACUUM (ANALYZE)")
    for word in (RARE, FREQUENT):
        if not Case.objects.matching(word).exists():
            raise RuntimeError(f"The search does not find {word}: nothing would be measured.")


def _text(seed: str, count: int) -> str:
    """A text of that many words, two of them topics."""
    topics = text_of(TOPICS, seed, 2)
    return f"{topics} || ' ' || {text_of(WORDS, seed, count - 2)}"


def _set_sequences(model: type[Model]) -> None:
    table = model._meta.db_table
    highest = f"(SELECT max(id) FROM {table})"  # noqa: S608 - our own text
    execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest})")
