"""PostgreSQL itself refuses the rows that must never be, whoever writes them."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from actors.models import (
    Expertise,
    FieldOfExpertise,
    ImportRow,
    Introduction,
    LetterTemplate,
    Quota,
)
from tests.factories.actors import (
    ActorFactory,
    BodyFactory,
    ImportRunFactory,
    RelationFactory,
    SeatFactory,
    SourceRecordFactory,
)
from tests.factories.office import UserFactory
from tests.factories.premises import (
    OccupancyFactory,
    SightingFactory,
    SpaceRequestFactory,
    UnitFactory,
    WalkFactory,
)
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db
SLICES = ("bodies", "premises", "expertise", "network", "exchange", "directory.relations")
EARLY, LATE = date(2026, 1, 1), date(2026, 2, 1)


def quota():
    return Quota.objects.create(body=BodyFactory(), group="trade", at_least_percent=50)


def expertise():
    return Expertise.objects.create(
        actor=ActorFactory(), field=FieldOfExpertise.objects.create(name=uuid4().hex)
    )


def introduction():
    return Introduction.objects.create(
        first=ActorFactory(), second=ActorFactory(), by=UserFactory(), submission=uuid4()
    )


def import_row():
    return ImportRow.objects.create(
        run=ImportRunFactory(), number=1, action=ImportRow.Action.REJECT, reason="Kein Name"
    )


def letter_template():
    file = StoredFile.objects.create(name="brief.docx", size=1)
    return LetterTemplate.objects.create(name="Einladung", file=file)


BACKWARDS = {"starts_on": LATE, "ends_on": EARLY}
WRONG = [
    ("body_quorum_percent", BodyFactory, {"quorum_percent": 0}),
    ("body_quorum_percent", BodyFactory, {"quorum_percent": 101}),
    ("quota_says_something", quota, {"at_least_percent": None}),
    ("quota_least_below_most", quota, {"at_most_percent": 49}),
    ("seat_ends_after_start", SeatFactory, BACKWARDS),
    ("relation_ends_after_start", RelationFactory, BACKWARDS),
    ("unit_position_whole", UnitFactory, {"longitude": None}),
    ("unit_street_filled", UnitFactory, {"street": ""}),
    ("unit_area_and_rent_positive", UnitFactory, {"floor_area": 0}),
    ("unit_area_and_rent_positive", UnitFactory, {"rent": -1}),
    ("occupancy_ends_after_start", OccupancyFactory, BACKWARDS),
    ("occupancy_vacant_without_actor", OccupancyFactory, {"state": "vacant", "shown_name": "A"}),
    (
        "space_request_area_from_below_to",
        SpaceRequestFactory,
        {"area_from": 90, "area_to": 60},
    ),
    ("import_row_refused_with_reason", import_row, {"reason": ""}),
]
ITSELF = [
    ("seat_deputy_is_another", SeatFactory, "deputy_id", "person_id"),
    ("relation_to_another", RelationFactory, "other_id", "actor_id"),
    ("introduction_of_two", introduction, "second_id", "first_id"),
]
TWICE = [
    ("quota_once_per_group", quota),
    ("seat_once_per_person_and_start", SeatFactory),
    ("relation_once", RelationFactory),
    ("unit_once", UnitFactory),
    ("occupancy_one_at_a_time", OccupancyFactory),
    ("walk_one_open_per_street", WalkFactory),
    ("sighting_once_per_walk", SightingFactory),
    ("expertise_once_per_actor", expertise),
    ("source_record_once", SourceRecordFactory),
    ("letter_template_name_once", letter_template),
]


def refused(name):
    return pytest.raises(IntegrityError, match=f'"{name}"')


@pytest.mark.parametrize(("name", "make", "change"), WRONG)
def test_row_that_must_not_be_is_refused(name, make, change):
    row = make()

    with refused(name), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(("name", "make", "field", "other"), ITSELF)
def test_row_between_one_and_the_same_is_refused(name, make, field, other):
    row = make()

    with refused(name), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**{field: getattr(row, other)})


@pytest.mark.parametrize(("name", "make"), TWICE)
def test_row_is_refused_a_second_time(name, make):
    row = make()
    row.pk = None
    if hasattr(row, "submission"):
        row.submission = uuid4()

    with refused(name), transaction.atomic():
        type(row).objects.bulk_create([row])


def test_every_constraint_of_these_slices_is_tried():
    models = apps.get_app_config("actors").get_models()
    of_slices = [
        model for model in models if model.__module__.removeprefix("actors.").startswith(SLICES)
    ]
    names = {row.name for model in of_slices for row in model._meta.constraints}

    assert names == {row[0] for row in (*WRONG, *ITSELF, *TWICE)}
