"""Whatever is booked and corrected: every way to add it up gives the same cents."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.finance import kuf, summing
from projects.models import Booking, YearSum
from tests.factories.projects import BookingFactory, ProjectFactory
from zentrum.common.money import MOST

THIS_YEAR = 2026
euro = st.decimals(min_value=Decimal("0.01"), max_value=MOST, places=2)
rows = st.tuples(
    st.integers(0, 1),  # project
    st.integers(2024, 2027),
    st.sampled_from(Booking.Source.values),
    st.sampled_from(Booking.Kind.values),
    euro,
    st.integers(-1, 1),  # booked in the year before, in the programme year or after it
    st.none() | euro,  # corrected to
)


def columns(sums):
    return {kind: getattr(sums, kind) for kind in Booking.Kind.values}


def at_risk(year, amounts):
    missing = max(amounts["committed"], amounts["called"]) - amounts["in time"]
    return max(missing, 0) if year <= THIS_YEAR else 0


@pytest.mark.django_db
@time_machine.travel(datetime(THIS_YEAR, 11, 20, 10, tzinfo=UTC), tick=False)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(rows, max_size=8))
def test_sums_by_year_source_and_project_are_those_of_the_bookings_to_the_cent(rows):
    with transaction.atomic():
        projects = [ProjectFactory(), ProjectFactory()]
        expected = defaultdict(lambda: defaultdict(Decimal))
        for number, year, source, kind, amount, late, corrected in rows:
            place = {"project": projects[number], "year": year, "source": source, "kind": kind}
            place |= {"booked_on": date(year + late, 5, 4)}
            row = BookingFactory(amount=amount, **place)
            if corrected not in (None, amount):
                BookingFactory(corrects=row, amount=corrected - amount, **place)
            holds = amount if corrected is None else corrected
            cell = expected[projects[number].pk, year, source]
            cell[kind] += holds
            cell["in time"] += holds if kind == "paid" and late <= 0 else 0

        sums = YearSum.objects.all()
        by_year, by_project = summing.per_year(sums), summing.per_project(sums)
        found = {(cell.project, cell.year, cell.source): cell.sums for cell in by_project}
        totals = [summing.total(by_year), summing.total(by_project)]
        for cells, key in [(by_year, "year"), (by_year, "source"), (by_project, "project")]:
            parts = summing.grouped(cells, lambda cell, key=key: getattr(cell, key))
            totals.append(sum(parts.values(), summing.Sums()))

        assert {key: columns(sums) for key, sums in found.items()} == {
            key: {kind: cell[kind] for kind in Booking.Kind.values}
            for key, cell in expected.items()
        }
        assert {key: sums.at_risk for key, sums in found.items()} == {
            key: at_risk(key[1], cell) for key, cell in expected.items()
        }
        assert totals == totals[:1] * len(totals)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_workbook_has_the_shape_of_a_kuf():
    project = ProjectFactory(title="=1+1")
    for source, year, amount in [
        ("federal", 2026, "100.10"),
        ("private", 2026, "20.20"),
        ("fund", 2026, "30.30"),
        ("town", 2027, "5.05"),
    ]:
        BookingFactory(project=project, source=source, year=year, amount=Decimal(amount))
    BookingFactory(source="state", kind="paid", amount=Decimal("7.00"))

    book = openpyxl.load_workbook(BytesIO(kuf.workbook(YearSum.objects.all())))

    names = ["geplant", "gebunden", "abgerufen", "gezahlt"]
    assert book.sheetnames == names
    lines = list(book["geplant"].iter_rows(values_only=True))
    assert [value for value in lines[0] if value] == [2026, 2027]
    assert lines[1][4:] == ("Bund", "Land", "Kommune", "Dritte") * 2
    assert lines[2][1] == "=1+1"
    assert book["geplant"].cell(3, 2).data_type == "s"
    assert lines[2][3:] == (155.65, 100.1, 0, 0, 50.5, 0, 0, 5.05, 0)
    assert lines[4][1:] == ("Summe", None, 155.65, 100.1, 0, 0, 50.5, 0, 0, 5.05, 0)
    assert book["gezahlt"].cell(4, 6).value == 7


@pytest.mark.django_db
def test_workbook_of_nothing_opens():
    book = openpyxl.load_workbook(BytesIO(kuf.workbook(YearSum.objects.none())))

    assert len(book.sheetnames) == 4
