import pytest
import time_machine
from django.db import transaction

from tests.concurrency import run_at_once
from zentrum.office.references import next_reference


@pytest.mark.django_db(transaction=True)
@time_machine.travel("2026-11-23 10:00+01:00", tick=True)
def test_references_at_once_have_no_gap_and_no_duplicate():
    def take():
        with transaction.atomic():
            return next_reference("V")

    assert sorted(run_at_once(take, times=8)) == [f"V-2026-000{number}" for number in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap():
    with transaction.atomic():
        next_reference("I")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_reference("I").endswith("-0001")


@pytest.mark.django_db(transaction=True)
def test_a_reference_needs_a_transaction():
    with pytest.raises(RuntimeError):
        next_reference("V")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "reference"),
    [("2026-12-31 22:59:59Z", "V-2026-0001"), ("2026-12-31 23:00:00Z", "V-2027-0001")],
)
def test_the_year_turns_at_midnight_of_the_office(moment, reference):
    with time_machine.travel(moment, tick=False):
        assert next_reference("V") == reference
