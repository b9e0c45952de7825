from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories.office import CentreFactory, OfficeHoursFactory
from zentrum.office.models import ClosingDay
from zentrum.office.working_time import OfficeCalendar, holidays_in

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = {day: [(time(9), time(17))] for day in range(5)}
NIGHT = {6: [(time(1), time(4))]}  # Sunday 1 to 4, across both changes of the clock


def calendar(land="BE", hours=WEEK, closed=()):
    return OfficeCalendar(land, hours, frozenset(closed))


def local(*parts):
    return datetime(*parts, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 0, date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 12, 23), 5, date(2026, 12, 31)),  # 25 is a holiday, 24 and 31 are ordinary
        (date(2026, 12, 30), 3, date(2027, 1, 5)),  # New Year's Day is a Friday
        (date(2026, 3, 27), 1, date(2026, 3, 30)),  # over the change to summer time
        (date(2026, 4, 2), 2, date(2026, 4, 8)),  # Good Friday and Easter Monday
        (date(2028, 2, 28), 2, date(2028, 3, 1)),  # a leap year
    ],
)
def test_add_working_days(start, count, end):
    assert calendar().add_working_days(start, count) == end


@pytest.mark.parametrize(
    ("land", "day", "is_working"),
    [
        ("BE", date(2027, 3, 8), False),  # International Women's Day
        ("BY", date(2027, 3, 8), True),
        ("BY", date(2027, 1, 6), False),  # Epiphany
        ("BE", date(2027, 1, 6), True),
        ("SN", date(2026, 11, 18), False),  # Day of Repentance
        ("HE", date(2026, 11, 18), True),
    ],
)
def test_holidays_are_those_of_the_land(land, day, is_working):
    assert calendar(land).is_working_day(day) == is_working


def test_holidays_have_german_names():
    assert holidays_in("BE", 2026)[date(2026, 10, 3)] == "Tag der Deutschen Einheit"


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 23), date(2026, 11, 20), -1),
        (date(2026, 12, 23), date(2027, 1, 4), 6),
    ],
)
def test_working_days_between(start, end, count):
    assert calendar().working_days_between(start, end) == count


def test_closing_days_are_no_working_days():
    closed = [date(2026, 11, 23), date(2026, 11, 24)]

    assert calendar(closed=closed).add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 25)


def test_an_office_closed_for_years_does_not_hang():
    closed = [date(2026, 1, 1) + timedelta(days=number) for number in range(3000)]
    office = calendar(closed=closed)

    assert office.add_working_days(date(2026, 1, 2), 3) == date(2026, 1, 2)
    assert office.next_opening(local(2026, 1, 2, 8)) == local(2026, 1, 2, 8)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (local(2026, 11, 23, 8, 59), False),
        (local(2026, 11, 23, 9), True),
        (local(2026, 11, 23, 16, 59, 59), True),
        (local(2026, 11, 23, 17), False),
        (local(2026, 11, 22, 12), False),  # Sunday
        (local(2026, 12, 25, 12), False),
        (datetime(2026, 7, 1, 7, tzinfo=UTC), True),  # 9 o'clock in summer
        (datetime(2026, 12, 1, 7, 30, tzinfo=UTC), False),  # half past eight in winter
    ],
)
def test_is_open(moment, is_open):
    assert calendar().is_open(moment) == is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (local(2026, 11, 23, 12), local(2026, 11, 23, 12)),
        (local(2026, 11, 23, 7), local(2026, 11, 23, 9)),
        (local(2026, 11, 20, 17), local(2026, 11, 23, 9)),
        (local(2026, 12, 31, 18), local(2027, 1, 4, 9)),
        (local(2026, 3, 27, 20), local(2026, 3, 30, 9)),  # the night to summer time between
        (local(2026, 10, 23, 20), local(2026, 10, 26, 9)),  # the night to winter time between
    ],
)
def test_next_opening(moment, opening):
    assert calendar().next_opening(moment) == opening


def test_hours_across_the_change_to_winter_time_last_an_hour_longer():
    office = calendar(hours=NIGHT)
    opens = datetime(2026, 10, 24, 23, tzinfo=UTC)  # 1:00 summer time

    assert office.next_opening(opens - timedelta(hours=1)) == opens
    assert office.is_open(opens + timedelta(hours=3, minutes=59))
    assert not office.is_open(opens + timedelta(hours=4))


def test_hours_across_the_change_to_summer_time_last_an_hour_less():
    office = calendar(hours=NIGHT)
    opens = datetime(2026, 3, 29, 0, tzinfo=UTC)  # 1:00 winter time

    assert office.is_open(opens + timedelta(hours=1, minutes=59))
    assert not office.is_open(opens + timedelta(hours=2))


def test_lunch_breaks_close_the_office():
    office = calendar(hours={0: [(time(9), time(12)), (time(13), time(17))]})

    assert office.next_opening(local(2026, 11, 23, 12, 30)) == local(2026, 11, 23, 13)


@pytest.mark.django_db
def test_the_calendar_of_a_centre_is_loaded_once(django_assert_num_queries):
    centre = CentreFactory()
    OfficeHoursFactory(centre=centre, weekday=1, opens_at=time(10), closes_at=time(14))
    OfficeHoursFactory(weekday=0)  # of another centre
    ClosingDay.objects.create(
        centre=centre, starts_on="2026-11-24", ends_on="2026-11-25", reason="Umzug"
    )
    ClosingDay.objects.create(
        starts_on="2026-11-26", ends_on="2026-11-26", reason="Betriebsausflug"
    )
    elsewhere = CentreFactory()
    ClosingDay.objects.create(
        centre=elsewhere, starts_on="2026-11-27", ends_on="2026-11-27", reason="dort"
    )

    with django_assert_num_queries(2):
        office = OfficeCalendar.of(centre)
        assert [office.is_working_day(date(2026, 11, day)) for day in range(23, 28)] == [
            True,
            False,
            False,
            False,
            True,
        ]
        assert office.hours_on(date(2026, 12, 1)) == [(time(10), time(14))]
        assert office.hours_on(date(2026, 11, 24)) == []


@pytest.mark.django_db
def test_a_centre_without_hours_is_open_monday_to_friday():
    office = OfficeCalendar.of(CentreFactory())

    assert office.hours_on(date(2026, 11, 23)) == [(time(9), time(17))]
    assert office.hours_on(date(2026, 11, 28)) == []
