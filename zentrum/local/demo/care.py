"""Who looks after whom, visits of eighteen months, one hand-over and the round of today."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from actors.care.contacts import without_contact
from actors.care.services import hand_over, plan_round
from actors.models import Actor, Address, ContactPerson, Visit
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

CARING = (Role.MANAGER, Role.DEPUTY, Role.DESK)
HALF_A_YEAR = 183  # days
FORGOTTEN = 15  # businesses that nobody of the office has met for long
VISITS = 40
HANDED_OVER_STREET = "Marktplatz"
QUIET_STREETS = [  # where nobody has had an idea yet: name, legal form, address, position
    ("Gerberhof Antiquitäten", "", "Gerberstraße 3", 52.0913, 13.1689),
    ("Kanuverleih Nuthebogen", "GmbH", "Gerberstraße 8", 52.0915, 13.1692),
    ("Bootswerft Ahrens", "e. K.", "Uferpromenade 2", 52.0883, 13.1694),
]
SAID = [
    "Das Geschäft läuft ordentlich. Wünscht sich eine Bank vor dem Laden und mehr Licht am Abend.",
    "Sucht ab dem Frühjahr eine Aushilfe. Hat Interesse an einem gemeinsamen Gutschein.",
    "Der Lieferverkehr am Vormittag stört. Will zum nächsten Händlerfrühstück kommen.",
    "Mietvertrag läuft in zwei Jahren aus, möchte gern bleiben. Bitte im Herbst wieder vorbeigehen.",
    "Kurz gesprochen, es war voll. Nimmt Plakate für das Straßenfest.",
    "Fragt nach dem Fonds: neue Markise, etwa 3.000 Euro. Unterlagen dagelassen.",
    "Würde das Schaufenster für eine Ausstellung der Schule geben.",
    "Ist unzufrieden mit der Baustelle. Rückruf zugesagt und am selben Tag erledigt.",
]


def build_care(office: Office, businesses: list[Actor]) -> None:
    """Stands on what cases and projects tell of contacts, so it is built after them."""
    staff = [office.staff[role] for role in CARING]
    _build_quiet_streets(office)
    _build_contact_persons(office, businesses, staff)
    _build_visits(office, businesses, staff)
    _hand_over(office)
    forgotten = _silent(office, businesses)
    placed = [actor for actor in forgotten if actor.centre_id == office.centres[0].pk]
    plan_round(placed[:6], user=office.staff[Role.MANAGER], on=office.today)


def _build_quiet_streets(office: Office) -> None:
    for name, form, street, north, east in QUIET_STREETS:
        actor = Actor.objects.create(
            kind=Actor.Kind.ORGANISATION, name=name, legal_form=form, centre=office.centres[0]
        )
        Address.objects.create(
            actor=actor,
            street=street,
            postcode="14900",
            town="Birkenfurt",
            latitude=north,
            longitude=east,
        )


def _build_contact_persons(office: Office, businesses: list[Actor], staff: list[User]) -> None:
    rows = []
    for number, actor in enumerate(businesses):
        if number % 7 == 6:
            continue  # nobody yet
        carer = staff[number % 2]
        begins = office.today - timedelta(days=640 - number)
        changed = office.today - timedelta(days=200) if number % 9 == 0 else None
        if changed:
            ends = changed - timedelta(days=1)
            before = staff[(number + 1) % 2]
            rows.append(ContactPerson(actor=actor, user=before, starts_on=begins, ends_on=ends))
        rows.append(ContactPerson(actor=actor, user=carer, starts_on=changed or begins))
    ContactPerson.objects.bulk_create(rows)


def _build_visits(office: Office, businesses: list[Actor], staff: list[User]) -> None:
    """Those that were silent are met again, except for some; the other visits lie further back."""
    silent = _silent(office, businesses)
    recent = silent[FORGOTTEN:]
    others = [actor for actor in businesses if actor not in recent]
    older = others[:: max(1, len(others) // VISITS)][: VISITS - len(recent)]
    days = [7 + number * 8 % (HALF_A_YEAR - 20) for number in range(len(recent))]
    days += [HALF_A_YEAR + 20 + number * 23 % 340 for number in range(len(older))]
    Visit.objects.bulk_create(
        Visit(
            actor=actor,
            user=staff[number % len(staff)],
            visited_at=_afternoon(office, ago, number),
            met_nobody=number % 13 == 12 and actor in older,
            text="" if number % 13 == 12 and actor in older else SAID[number % len(SAID)],
        )
        for number, (actor, ago) in enumerate(zip([*recent, *older], days, strict=True))
    )


def _afternoon(office: Office, ago: int, number: int) -> datetime:
    clock = time(13 + number % 4, number * 7 % 60)
    return timezone.make_aware(datetime.combine(office.working_day(-ago), clock))


def _silent(office: Office, businesses: list[Actor]) -> list[Actor]:
    since = _afternoon(office, HALF_A_YEAR, 0)
    rows = Actor.objects.filter(pk__in=[actor.pk for actor in businesses])
    user = office.staff[Role.MANAGER]
    return list(without_contact(rows, user, since).order_by("pk").select_related("centre"))


def _hand_over(office: Office) -> None:
    """The desk takes over a street from the deputy; the actors are not told yet."""
    deputy, desk = office.staff[Role.DEPUTY], office.staff[Role.DESK]
    theirs = Actor.objects.filter(
        addresses__street__startswith=HANDED_OVER_STREET,
        contact_persons__user=deputy,
        contact_persons__ends_on__isnull=True,
    )
    hand_over(
        theirs.values_list("pk", flat=True),
        centre=office.centres[0],
        from_user=deputy,
        to_user=desk,
        on=office.today - timedelta(days=40),
        by=office.staff[Role.MANAGER],
        submission=UUID(int=1),
        note="Frau Demirkan wohnt um die Ecke und kennt die Läden am Marktplatz gut.",
    )
