"""Town, centres, carriers, staff and hours of the demo."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.office.models import Absence, Carrier, Centre, ClosingDay, Mandate, OfficeHours, Town
from zentrum.office.working_time import OfficeCalendar

# Where the invented town lies on the map: degrees north and east (WGS84).
CENTRES = [
    ("Altstadt", "altstadt", 52.0899, 13.1667),
    ("Bahnhofsviertel", "bahnhof", 52.0911, 13.1597),
]
IMPRINT = """Zentrenmanagement Birkenfurt
im Auftrag der Stadt Birkenfurt, vertreten durch die Bürgermeisterin
Stadtteilladen, Torgasse 4, 14900 Birkenfurt

Telefon: 03371 0000-0
E-Mail: hallo@birkenfurt.example

Inhaltlich verantwortlich: Mareike Sonnleitner, Stadtkontor Birkenfurt.
Birkenfurt ist eine erfundene Stadt; alle Namen und Nummern sind ausgedacht."""
PRIVACY = """Verantwortlich ist die Stadt Birkenfurt, Torgasse 4, 14900 Birkenfurt.
Fragen beantwortet hallo@birkenfurt.example.

Wenn Sie uns schreiben, speichern wir Ihre Nachricht, Ihren Namen und Ihre Kontaktdaten, damit wir
antworten können (Art. 6 Abs. 1 Buchst. e DSGVO). Ihre Idee wird erst veröffentlicht, wenn Sie Ihre
E-Mail-Adresse bestätigt haben, und immer ohne Ihren Namen.

Alles kommt von unserem eigenen Server. Es gibt kein Tracking und keine Werbung.

Sie können Auskunft verlangen, Ihre Daten berichtigen oder löschen lassen und sich bei der
Datenschutzaufsicht beschweren (Art. 15 bis 21 und 77 DSGVO). Eine Nachricht an uns genügt."""
OPEN_IN_THE_AFTERNOON = (1, 3)  # Tuesday and Thursday


@dataclass
class Office:
    """What the other parts of the demo build on."""

    today: date
    random: Random
    carrier: Carrier
    centres: list[Centre]
    staff: dict[str, User]
    calendar: OfficeCalendar = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = OfficeCalendar.of(self.centres[0])

    def working_day(self, days_from_today: int) -> date:
        """A working day about that many days from today; never later for a day of the past."""
        day = self.today + timedelta(days=days_from_today)
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1 if days_from_today > 0 else -1)
        return day


def build_office(today: date) -> Office:
    town = Town.objects.create(
        name="Birkenfurt",
        land="BB",
        is_demo=True,
        promise_days=5,
        email="hallo@birkenfurt.example",
        phone="03371 0000-0",
        imprint=IMPRINT,
        privacy=PRIVACY,
    )
    contractor = Carrier.objects.create(name="Stadtkontor Birkenfurt", kind=Carrier.Kind.CONTRACTOR)
    city = Carrier.objects.create(
        name="Stadt Birkenfurt, Stadtentwicklung", kind=Carrier.Kind.ADMINISTRATION
    )
    centres = [_build_centre(town, contractor, *row) for row in CENTRES]
    staff = _build_staff(contractor, city, today)
    ClosingDay.objects.create(
        starts_on=date(today.year, 12, 24), ends_on=date(today.year, 12, 31), reason="Jahreswechsel"
    )
    _build_absence(staff, today)
    return Office(today, Random(f"Birkenfurt {today.year}"), contractor, centres, staff)


def _build_centre(
    town: Town, carrier: Carrier, name: str, slug: str, north: float, east: float
) -> Centre:
    around = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = [[round(east + x * 0.0034, 6), round(north + y * 0.0019, 6)] for x, y in around]
    centre = Centre.objects.create(
        town=town,
        carrier=carrier,
        name=name,
        slug=slug,
        address="Stadtteilladen, Torgasse 4, 14900 Birkenfurt",
        latitude=north,
        longitude=east,
        area={"type": "Polygon", "coordinates": [ring]},
    )
    for weekday in range(5):
        closes = time(18) if weekday in OPEN_IN_THE_AFTERNOON else time(13)
        OfficeHours.objects.create(
            centre=centre, weekday=weekday, opens_at=time(9), closes_at=closes
        )
    return centre


def _build_staff(contractor: Carrier, city: Carrier, today: date) -> dict[str, User]:
    password = make_password(PASSWORD)
    staff: dict[str, User] = {}
    for email, name, role in PEOPLE:
        user = User.objects.create(email=email, name=name, phone="03371 0000-0", password=password)
        in_city = role in (Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL)
        Mandate.objects.create(
            user=user,
            role=role,
            carrier=city if in_city else contractor,
            starts_on=today - timedelta(days=700),
        )
        staff[role] = user
    return staff


def _build_absence(staff: dict[str, User], today: date) -> None:
    Absence.objects.create(
        user=staff[Role.DESK],
        deputy=staff[Role.DEPUTY],
        starts_on=today + timedelta(days=14),
        ends_on=today + timedelta(days=25),
    )
