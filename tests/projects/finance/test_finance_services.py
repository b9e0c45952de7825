from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from projects.finance import services, summing
from projects.finance.models import now_holds
from projects.models import Booking, Project, YearSum
from tests.concurrency import meet_before, run_at_once
from tests.factories.projects import BookingFactory, ProjectFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TODAY = date(2026, 11, 20)
EURO = Decimal("100.00")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def book(project, amounts=None, **details):
    usual = {"by": project.lead, "year": 2026, "kind": "committed", "booked_on": TODAY}
    usual |= {"submission": uuid4()}
    return services.book(project, amounts or {"state": EURO}, **usual | details)


def test_the_same_submission_is_written_once():
    project, submission = ProjectFactory(), uuid4()

    first = book(project, submission=submission)
    second = book(project, {"state": EURO * 2}, submission=submission)

    assert second == first
    assert Booking.objects.get().amount == EURO


def test_total_is_split_to_the_cent():
    project = ProjectFactory()
    shares = {"federal": 1, "state": 1, "town": 1, "private": 0, "fund": 0}

    rows = services.book_split(
        project,
        EURO,
        shares,
        by=project.lead,
        year=2027,
        kind="planned",
        booked_on=TODAY,
        submission=uuid4(),
    )

    amounts = {row.source: str(row.amount) for row in rows}
    assert amounts == {"federal": "33.34", "state": "33.33", "town": "33.33"}


def test_total_without_a_share_is_refused():
    project = ProjectFactory()

    with pytest.raises(ValidationError) as refusal:
        services.book_split(project, EURO, {"federal": 0}, by=project.lead)

    assert refusal.value.code == "shares"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"year": 2025}, "year"),  # before the project's start
        ({"year": 99999}, "year"),
        ({"booked_on": date(2026, 11, 21), "kind": "paid"}, "booked_on"),
        ({"booked_on": date(2026, 11, 21), "kind": "called"}, "booked_on"),
        ({"kind": "given"}, "kind"),
    ],
)
def test_wrong_days_years_and_kinds_are_refused(details, field):
    with pytest.raises(ValidationError) as refusal:
        book(ProjectFactory(starts_on=date(2026, 3, 2)), **details)

    assert list(refusal.value.message_dict) == [field]
    assert not Booking.objects.exists()


def test_nothing_is_planned_for_a_year_that_is_over():
    project = ProjectFactory(starts_on=date(2024, 3, 2))

    with pytest.raises(ValidationError, match="2025"):
        book(project, year=2025, kind="planned")
    assert book(project, year=2025, kind="paid")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1000000000.00"])
def test_database_refuses_amounts_that_cannot_be(amount):
    with pytest.raises(Exception, match=r"booking_|numeric field overflow"), transaction.atomic():
        BookingFactory(amount=Decimal(amount))


def test_database_refuses_a_year_that_cannot_be():
    with pytest.raises(IntegrityError, match="booking_year_in_range"):
        BookingFactory(year=26)


def test_database_refuses_a_row_that_corrects_itself():
    row = BookingFactory.build(project=ProjectFactory())
    row.by = row.project.lead
    row.pk = row.corrects_id = 77

    with pytest.raises(IntegrityError, match="booking_corrects_another_row"):
        row.save(force_insert=True)


def test_database_writes_a_submission_once_for_each_source():
    row = BookingFactory()
    BookingFactory(project=row.project, submission=row.submission, source="town")

    with pytest.raises(IntegrityError, match="booking_once"):
        BookingFactory(project=row.project, submission=row.submission)


@pytest.mark.parametrize(
    "sql", ["UPDATE projects_booking SET amount = 1", "DELETE FROM projects_booking"]
)
def test_database_changes_and_removes_no_booking(sql):
    BookingFactory()

    refused = pytest.raises(ProgrammingError, match="Cannot")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert Booking.objects.get().amount == Decimal("1000.00")


def correct(row, to, **details):
    usual = {"by": row.by, "text": "Zahlendreher", "submission": uuid4()}
    return services.correct(row, to=Decimal(to), **usual | details)


def test_correction_is_a_row_with_the_difference():
    row = BookingFactory(amount=Decimal("1243.00"), kind="paid")

    correction = correct(row, "1234.00")
    taken_back = correct(row, "0.00")

    assert (correction.amount, taken_back.amount) == (Decimal("-9.00"), Decimal("-1234.00"))
    assert (correction.kind, correction.year, correction.source) == ("paid", 2026, "state")
    assert now_holds(row) == 0


def test_correction_to_the_same_amount_or_of_a_correction_is_refused():
    row = BookingFactory()
    correction = correct(row, "5.00")

    with pytest.raises(ValidationError, match="lautet schon"):
        correct(row, "5.00")
    with pytest.raises(ValidationError, match="Buchung selbst"):
        correct(correction, "7.00")


def test_the_same_correction_twice_is_one():
    row, submission = BookingFactory(), uuid4()

    assert correct(row, "5.00", submission=submission) == correct(
        row, "5.00", submission=submission
    )
    assert Booking.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_corrections_at_once_follow_each_other(monkeypatch):
    row = BookingFactory(amount=Decimal("100.00"))
    meet_before(monkeypatch, services, "now_holds")

    run_at_once(lambda: correct(row, "40.00"), times=2)

    assert now_holds(row) == Decimal("40.00")
    assert Booking.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_submission_at_once_is_written_once(monkeypatch):
    project, submission = ProjectFactory(), uuid4()
    meet_before(monkeypatch, services, "_check_days")

    results = run_at_once(lambda: book(project, submission=submission), times=2)

    assert results[0] == results[1]
    assert Booking.objects.count() == 1


def test_at_risk_is_what_was_committed_or_called_and_not_paid_in_its_year():
    project = ProjectFactory(starts_on=date(2024, 1, 1))
    rows = [
        (2026, "state", "committed", 100),
        (2026, "state", "called", 80),
        (2026, "state", "paid", 30),
        (2026, "town", "called", 50),
        (2026, "town", "paid", 60),  # more than called: saves nobody else's money
        (2027, "state", "committed", 500),  # to come
        (2026, "private", "planned", 900),
    ]
    for year, source, kind, amount in rows:
        BookingFactory(project=project, year=year, source=source, kind=kind, amount=amount)
    late = {"project": project, "year": 2025, "source": "state"}
    BookingFactory(kind="committed", amount=40, booked_on=date(2025, 2, 1), **late)
    BookingFactory(kind="paid", amount=10, booked_on=date(2025, 12, 31), **late)
    BookingFactory(kind="paid", amount=30, booked_on=date(2026, 1, 1), **late)

    cells = summing.per_year(YearSum.objects.all())

    at_risk = {(cell.year, cell.source): int(cell.sums.at_risk) for cell in cells}
    assert at_risk == {
        (2025, "state"): 30,
        (2026, "private"): 0,
        (2026, "state"): 70,
        (2026, "town"): 0,
        (2027, "state"): 0,
    }
    assert summing.per_project(YearSum.objects.filter(project=project))[0].sums.at_risk == 30


def test_money_at_risk_of_one_project_is_not_saved_by_another():
    BookingFactory(kind="committed", amount=100)
    BookingFactory(kind="paid", amount=100)

    assert summing.total(summing.per_year(YearSum.objects.all())).at_risk == 100


def test_private_per_public_leaves_the_fund_out():
    project = ProjectFactory()
    for source, amount in [("federal", 30), ("town", 30), ("private", 20), ("fund", 500)]:
        BookingFactory(project=project, source=source, kind="paid", amount=amount)
    cells = summing.per_year(YearSum.objects.all())

    assert str(summing.private_per_public(cells, "paid")) == "0.33"
    assert summing.private_per_public(cells, "planned") is None


def test_project_with_money_is_not_deleted():
    project = BookingFactory().project

    with pytest.raises(Exception, match="protected"):
        project.delete()
    assert Project.objects.filter(pk=project.pk).exists()
