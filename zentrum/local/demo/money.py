"""What the demo town's projects cost, and who has paid what of it so far."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pghistory

from projects.finance import services
from projects.finance.splitting import split
from projects.models import Booking, Project
from zentrum.local.demo.office import Office

GRANT = {"federal": 1, "state": 1, "town": 1}  # thirds, as urban development is funded
FUND = {"fund": 1, "private": 1}
DAYS = {"planned": (-1, 11, 20), "committed": (0, 3, 9), "called": (0, 6, 22), "paid": (0, 9, 14)}
# Title: shares, then (years from today's, planned, committed, called, paid) in euro. What was
# committed and not paid is at risk: nobody bid for the bicycle stands, the square's second bill
# is missing.
MONEY: dict[str, tuple[dict[str, int], list[tuple[int, str, str, str, str]]]] = {
    "Barrierefreier Marktplatz": (
        GRANT,
        [(0, "86000", "78500", "78500", "61240.70"), (1, "420000", "0", "0", "0")],
    ),
    "Fassadenprogramm Lindenstraße": (
        GRANT | {"private": 3},
        [(0, "60000", "0", "0", "0"), (1, "120000", "0", "0", "0")],
    ),
    "Radabstellanlage Bahnhof": (
        {"state": 2, "town": 1},
        [(0, "96000", "96000", "0", "0"), (1, "24000", "0", "0", "0")],
    ),
    "Sonnensegel am Anger": (GRANT, [(1, "38000", "38000", "0", "0")]),
    "Trinkbrunnen am Markt": (
        {"town": 1, "private": 1},
        [(-1, "3000", "2975", "2975", "2975"), (0, "18500", "17240.90", "17240.90", "12030.45")],
    ),
    "Lesebänke": (
        FUND,
        [(-1, "1500", "1500", "1500", "1500"), (0, "4200", "4080", "4080", "4080")],
    ),
    "Langer Donnerstag": ({"fund": 1, "private": 2}, [(0, "5400", "5400", "3600", "3600")]),
    "Schaufenstergalerie Torgasse": (FUND, [(0, "3600", "3214.85", "3214.85", "3214.85")]),
    "Birkenfurter Sterne": (FUND, [(0, "9800", "9800", "9800", "7350.20")]),
    "Sommerabende am Anger": (FUND, [(0, "12400", "12400", "12400", "11986.33")]),
    "Zu Fuß zur Schule": ({"town": 1}, [(0, "6500", "6120", "0", "6120")]),
}
MISTYPED = "Trinkbrunnen am Markt"


def build_money(office: Office, projects: list[Project]) -> None:
    number = 0
    for project in projects:
        shares, years = MONEY.get(project.title, ({}, []))
        for years_from_now, *amounts in years:
            year = office.today.year + years_from_now
            for kind, amount in zip(Booking.Kind.values, amounts, strict=True):
                if year >= project.starts_on.year and Decimal(amount):
                    number += 1
                    _book(office, project, year, kind, Decimal(amount), shares, UUID(int=number))
    _correct(UUID(int=number + 1))


def _book(
    office: Office,
    project: Project,
    year: int,
    kind: str,
    total: Decimal,
    shares: dict[str, int],
    submission: UUID,
) -> None:
    years, month, day = DAYS[kind]
    booked_on = min(date(year + years, month, day), office.today - timedelta(days=1))
    parts = split(total, list(shares.values()))
    with pghistory.context(user=project.lead_id):
        for source, amount in zip(shares, parts, strict=True):
            Booking.objects.create(
                project=project,
                year=year,
                source=source,
                kind=kind,
                amount=amount,
                booked_on=max(booked_on, project.starts_on),
                by=project.lead,
                submission=submission,
            )


def _correct(submission: UUID) -> None:
    """Two digits of a payment were swapped, and somebody noticed."""
    paid = Booking.objects.filter(kind="paid", source="town", project__title=MISTYPED)
    booking = paid.order_by("-pk")[0]
    right = booking.amount - 9
    services.correct(booking, to=right, by=booking.by, text="Zahlendreher", submission=submission)
