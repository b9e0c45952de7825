"""PostgreSQL itself refuses the rows that must never be, whoever writes them."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from actors.models import (
    Candidate,
    Disclosure,
    Expertise,
    FieldOfExpertise,
    ImportRow,
    Introduction,
    LetterTemplate,
    Merge,
    Quota,
)
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    BodyFactory,
    ConsentFactory,
    ContactPersonFactory,
    EmailAddressFactory,
    HandoverFactory,
    ImportRunFactory,
    PhoneNumberFactory,
    RelationFactory,
    RetentionProposalFactory,
    RetentionRuleFactory,
    RoundFactory,
    SeatFactory,
    SourceRecordFactory,
    VisitFactory,
)
from tests.factories.office import UserFactory
from tests.factories.premises import (
    OccupancyFactory,
    SightingFactory,
    SpaceRequestFactory,
    UnitFactory,
    WalkFactory,
)
from tests.refusals import change, constraints_of, refused, write_again
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db
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


def person():
    return ActorFactory(kind="person")


def note():
    return ActorFactory().notes.create(text="Ruft selten zurück.", author=UserFactory())


def candidate():
    return Candidate.objects.create(first=ActorFactory(), second=ActorFactory(), score=80)


def merge():
    return Merge.objects.create(kept=ActorFactory(), merged=ActorFactory(), by=UserFactory())


def disclosure():
    return Disclosure.objects.create(actor=ActorFactory(), by=UserFactory())


def handover():
    return HandoverFactory(from_user=UserFactory())


def visit():
    return VisitFactory(round=RoundFactory())


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
    ("actor_name_filled", ActorFactory, {"name": ""}),
    ("actor_given_name_of_person", ActorFactory, {"given_name": "Eva"}),
    ("actor_legal_form_not_of_person", person, {"legal_form": "GmbH"}),
    ("address_position_whole", AddressFactory, {"latitude": 52.5}),
    ("actor_note_filled", note, {"text": ""}),
    ("contact_person_ends_after_start", ContactPersonFactory, BACKWARDS),
    ("consent_withdrawn_after_given", ConsentFactory, {"withdrawn_on": EARLY}),
    ("retention_rule_months", RetentionRuleFactory, {"months": 0}),
    ("disclosure_file_while_ready", disclosure, {"state": "ready"}),
]
ITSELF = [
    ("seat_deputy_is_another", SeatFactory, "deputy_id", "person_id"),
    ("relation_to_another", RelationFactory, "other_id", "actor_id"),
    ("introduction_of_two", introduction, "second_id", "first_id"),
    ("actor_merged_is_archived", ActorFactory, "merged_into_id", "pk"),
    ("handover_to_another", handover, "from_user_id", "to_user_id"),
    ("candidate_smaller_key_first", candidate, "second_id", "first_id"),
    ("merge_of_two", merge, "merged_id", "kept_id"),
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
    ("email_address_once_per_actor", EmailAddressFactory),
    ("phone_number_once_per_actor", PhoneNumberFactory),
    ("address_one_main", AddressFactory),
    ("contact_person_one_at_a_time", ContactPersonFactory),
    ("round_once_a_day", RoundFactory),
    ("visit_once_per_round", visit),
    ("consent_one_current", ConsentFactory),
    ("retention_proposal_once", RetentionProposalFactory),
    ("candidate_once", candidate),
    ("merge_once", merge),
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


def test_second_main_address_of_an_actor_is_refused():
    row = EmailAddressFactory(is_main=True)

    with refused("email_address_one_main"), transaction.atomic():
        EmailAddressFactory(actor=row.actor, is_main=True)


def test_every_constraint_is_tried():
    tried = {row[0] for row in (*WRONG, *ITSELF, *TWICE)}
    assert constraints_of("actors") == tried | {"email_address_one_main"}
