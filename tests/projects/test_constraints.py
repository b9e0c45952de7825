"""What the database refuses in the tables of ideas, programme and projects, whoever writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from projects.models import Dependency, Synonym, SynonymGroup, Worksheet, YearSum
from tests.factories.actors import ActorFactory
from tests.factories.office import UserFactory
from tests.factories.projects import (
    BookingFactory,
    CommentFactory,
    GoalFactory,
    IdeaFactory,
    IdeaFollowerFactory,
    IndicatorFactory,
    MilestoneFactory,
    ParticipantFactory,
    ProgrammeFactory,
    ProjectFactory,
    ProjectFollowerFactory,
    ReadingFactory,
    SiteNoticeFactory,
    SiteNoticeRecipientFactory,
    SupporterFactory,
)
from tests.refusals import change, constraints_of, refused, write_again

pytestmark = pytest.mark.django_db
EARLY, NOW = date(2020, 1, 1), datetime(2026, 11, 23, 9, tzinfo=UTC)
NO_NUMBER = RawSQL("'NaN'::numeric", ())  # fits every column and breaks every sum


def worksheet():
    return Worksheet.objects.create(idea=IdeaFactory())


def synonym():
    return Synonym.objects.create(group=SynonymGroup.objects.create(), word="Bank", key="bank")


def year_sum():
    booking = BookingFactory()
    return YearSum.objects.get(project=booking.project)


def shown_comment():
    return CommentFactory(state="shown", decided_at=NOW, decided_by=UserFactory())


def milestone_of_an_actor():
    return MilestoneFactory(actor=ActorFactory())


def dependency():
    later = MilestoneFactory()
    return Dependency.objects.create(later=later, earlier=MilestoneFactory(project=later.project))


WRONG = [
    ("programme_ends_after_start", ProgrammeFactory, {"ends_on": EARLY}),
    ("programme_has_name", ProgrammeFactory, {"name": ""}),
    ("goal_has_title", GoalFactory, {"title": ""}),
    ("idea_position_whole", IdeaFactory, {"latitude": 52.0}),
    ("idea_negative_state_has_reason", IdeaFactory, {"state": "declined"}),
    ("idea_merged_into_another", IdeaFactory, {"state": "merged", "reason": "Steht schon."}),
    ("idea_returns_from_the_pool", IdeaFactory, {"returns_on": EARLY}),
    ("idea_released_after_confirmation", IdeaFactory, {"released_at": NOW}),
    ("project_position_whole", ProjectFactory, {"longitude": 13.0}),
    ("project_ends_after_start", ProjectFactory, {"ends_on": EARLY}),
    ("project_light_has_sentence", ProjectFactory, {"light": "red"}),
    ("project_stop_has_reason", ProjectFactory, {"phase": "paused"}),
    ("comment_refused_with_reason", shown_comment, {"state": "refused"}),
    ("comment_decided_by_somebody", CommentFactory, {"state": "shown"}),
    ("supporter_has_person", SupporterFactory, {"person": ""}),
    ("worksheet_cost_in_range", worksheet, {"cost": 10**9}),
    ("worksheet_effort_known", worksheet, {"effort": "some"}),
    ("milestone_one_responsible", milestone_of_an_actor, {"person_id": 0}),
    ("milestone_begins_before_its_end", MilestoneFactory, {"starts_on": date(2027, 1, 1)}),
    ("site_notice_ends_after_start", SiteNoticeFactory, {"ends_on": EARLY}),
    ("site_notice_buffer_in_range", SiteNoticeFactory, {"buffer": 501}),
    ("site_notice_recipient_mail", SiteNoticeRecipientFactory, {"way": "mail"}),
    ("indicator_named", IndicatorFactory, {"unit": ""}),
    ("indicator_has_a_way_to_go", IndicatorFactory, {"target_value": Decimal(20)}),
    ("indicator_target_after_baseline", IndicatorFactory, {"target_on": EARLY}),
    ("indicator_values_in_range", IndicatorFactory, {"target_value": NO_NUMBER}),
    ("reading_has_source", ReadingFactory, {"source": ""}),
    ("reading_value_in_range", ReadingFactory, {"value": NO_NUMBER}),
    ("synonym_has_key", synonym, {"key": ""}),
]
ITSELF = [
    ("dependency_of_two", dependency, "earlier_id", "later_id"),
]
TWICE = [
    ("programme_once", ProgrammeFactory),
    ("yearsum_once", year_sum),
    ("idea_follower_once_any_case", IdeaFollowerFactory),
    ("supporter_once", SupporterFactory),
    ("milestone_once", MilestoneFactory),
    ("dependency_once", dependency),
    ("project_follower_once", ProjectFollowerFactory),
    ("participant_once", ParticipantFactory),
    ("site_notice_once", SiteNoticeFactory),
    ("site_notice_recipient_once", SiteNoticeRecipientFactory),
    ("indicator_once", IndicatorFactory),
    ("reading_once_a_day", ReadingFactory),
]


@pytest.mark.parametrize(("name", "make", "values"), WRONG)
def test_row_that_must_not_be_is_refused(name, make, values):
    row = make()

    with refused(name):
        change(row, **values)


@pytest.mark.parametrize(("name", "make", "field", "other"), ITSELF)
def test_row_between_one_and_the_same_is_refused(name, make, field, other):
    row = make()

    with refused(name):
        change(row, **{field: getattr(row, other)})


@pytest.mark.parametrize(("name", "make"), TWICE)
def test_row_is_refused_a_second_time(name, make):
    row = make()

    with refused(name):
        write_again(row)


def test_idea_cannot_be_merged_into_itself():
    idea = IdeaFactory()

    with refused("idea_not_merged_into_itself"):
        change(idea, state="merged", reason="Steht schon.", merged_into=idea.pk)


def test_goals_of_a_programme_differ_in_title_and_position():
    goal = GoalFactory(title="Leerstand senken", position=1)

    with refused("goal_once"), transaction.atomic():
        GoalFactory(programme=goal.programme, title=goal.title, position=2)
    with refused("goal_one_at_a_position"), transaction.atomic():
        GoalFactory(programme=goal.programme, title="Grün mehren", position=1)
        connection.check_constraints()  # two goals may change places within a transaction


# Bookings are only ever added: what is wrong is refused when it comes.
BOOKINGS = [
    ("booking_amount_in_range", {"amount": Decimal(0)}),
    ("booking_only_corrections_are_negative", {"amount": Decimal(-1)}),
    ("booking_year_in_range", {"year": 1970}),
]


@pytest.mark.parametrize(("name", "values"), BOOKINGS)
def test_wrong_booking_is_refused(name, values):
    with refused(name), transaction.atomic():
        BookingFactory(**values)


def test_same_booking_is_refused_a_second_time():
    booking = BookingFactory()

    with refused("booking_once"), transaction.atomic():
        BookingFactory(project=booking.project, submission=booking.submission)


def test_booking_cannot_correct_itself():
    booking = BookingFactory.build(pk=4711, project=ProjectFactory(), by=UserFactory())
    booking.corrects_id = booking.pk

    with refused("booking_corrects_another_row"), transaction.atomic():
        booking.save(force_insert=True)


def test_every_constraint_is_tried():
    tried = {row[0] for row in (*WRONG, *ITSELF, *TWICE, *BOOKINGS)}
    assert constraints_of("projects") == tried | {
        "idea_not_merged_into_itself",
        "goal_once",
        "goal_one_at_a_position",
        "booking_once",
        "booking_corrects_another_row",
    }
