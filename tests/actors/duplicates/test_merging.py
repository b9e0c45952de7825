"""What a merge moves, and what it makes of rows that would stand twice."""

from datetime import date, timedelta

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import override

from actors.duplicates import merging, moving
from actors.models import (
    Actor,
    Body,
    Candidate,
    Consent,
    ContactPerson,
    Expertise,
    FieldOfExpertise,
    Handover,
    Merge,
    Quota,
    Relation,
    Seat,
    Visit,
)
from projects.models import Participant
from tests.actors.duplicates.rows import actor_fields, make
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    RelationFactory,
    SectorFactory,
    SourceRecordFactory,
)
from tests.factories.contacts import CaseFactory, ConsultationFactory
from tests.factories.office import UserFactory
from tests.factories.projects import ParticipantFactory, ProjectFactory

pytestmark = pytest.mark.django_db
FIELDS = actor_fields()
BOOKS = {"Candidate.first", "Candidate.second", "Merge.kept", "Merge.merged"}
MOVING = [f for f in FIELDS if f"{f.model.__name__}.{f.name}" not in BOOKS]


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def pair():
    kept = ActorFactory(name="Bäckerei Mehl")
    return kept, ActorFactory(name="Baeckerei Mehl", centre=kept.centre)


def merge(kept, merged, **values):
    return merging.merge(kept, merged, by=UserFactory(), values=values)


def rows_at(field, actor):
    return field.model._base_manager.filter(**{field.attname: actor.pk})


def is_exclusion(rule):
    return isinstance(rule, ExclusionConstraint)


def archived(field):
    return {"archived_at": timezone.now()} if field.model is Actor else {}


def test_only_the_books_about_merges_stay_where_they_are():
    moved = {f"{f.model.__name__}.{f.name}" for f in moving.relations(Actor)}

    assert {f"{f.model.__name__}.{f.name}" for f in FIELDS} - moved == BOOKS


@pytest.mark.parametrize("field", MOVING, ids=str)
def test_every_foreign_key_moves_and_goes_back(pair, field):
    kept, merged = pair
    row = make(field.model, **{field.name: merged}, **archived(field))

    done = merge(kept, merged)

    assert rows_at(field, kept).filter(pk=row.pk).exists()
    undone = merging.undo(done)
    assert rows_at(field, merged).filter(pk=row.pk).exists()
    assert undone.left == {}


@pytest.mark.parametrize("field", MOVING, ids=str)
def test_rows_of_both_are_united_without_a_rest(pair, field):
    """Both actors have a row that is the same but for the actor: the same project, body, sector."""
    kept, merged = pair
    first = make(field.model, **{field.name: kept}, **archived(field))
    one_at_a_time = str([rule for rule in field.model._meta.constraints if is_exclusion(rule)])
    same = {
        f.name: getattr(first, f.name)
        for f in field.model._meta.local_fields
        if f.is_relation and f.name != field.name and not f.unique
        if f"'{f.name}'" not in one_at_a_time
    }
    second = make(field.model, **same | {field.name: merged}, **archived(field))

    done = merge(kept, merged)

    assert rows_at(field, merged).exclude(pk=kept.pk).count() == 0
    assert rows_at(field, kept).filter(pk=first.pk).exists()
    assert merging.undo(done).left == {}
    assert rows_at(field, merged).filter(pk=second.pk).exists()
    assert rows_at(field, kept).filter(pk=first.pk).exists()


def test_merged_actor_is_a_signpost(pair):
    kept, merged = pair

    merge(kept, merged, name="Bäckerei Mehlwurm", website="https://mehl.example")

    merged.refresh_from_db()
    kept.refresh_from_db()
    assert merged.merged_into == kept
    assert merged.archived_at is not None
    assert (kept.name, kept.website) == ("Bäckerei Mehlwurm", "https://mehl.example")


def test_contact_data_is_united(pair):
    kept, merged = pair
    EmailAddressFactory(actor=kept, email="info@mehl.example", is_main=True)
    EmailAddressFactory(actor=merged, email="INFO@mehl.example", is_main=True, label="Büro")
    EmailAddressFactory(actor=merged, email="chef@mehl.example")
    PhoneNumberFactory(actor=kept, number="030 123456")
    PhoneNumberFactory(actor=merged, number="+49 30 12 34 56", label="Laden")
    PhoneNumberFactory(actor=merged, number="030 999999")
    AddressFactory(actor=kept, street="Marktplatz 3", postcode="14900")
    AddressFactory(
        actor=merged, street="Marktpl. 3", postcode="14900", latitude=52.0, longitude=13.0
    )
    AddressFactory(actor=merged, street="Torgasse 1", is_main=False)

    done = merge(kept, merged)

    assert list(kept.emails.values_list("email", "label", "is_main")) == [
        ("info@mehl.example", "Büro", True),
        ("chef@mehl.example", "", False),
    ]
    assert list(kept.phones.values_list("number", "label")) == [
        ("030 123456", "Laden"),
        ("030 999999", ""),
    ]
    assert list(kept.addresses.values_list("street", "latitude", "is_main")) == [
        ("Marktplatz 3", 52.0, True),
        ("Torgasse 1", None, False),
    ]
    assert merging.undo(done).left == {}
    assert list(kept.addresses.values_list("street", "latitude")) == [("Marktplatz 3", None)]
    assert merged.emails.count() == 2


def test_chosen_address_stands_on_the_map(pair):
    kept, merged = pair
    AddressFactory(actor=kept, street="Marktplatz 3")
    chosen = AddressFactory(actor=merged, street="Torgasse 1")

    merging.merge(kept, merged, by=UserFactory(), values={}, main_address=chosen)

    assert list(kept.addresses.values_list("street", "is_main")) == [
        ("Torgasse 1", True),
        ("Marktplatz 3", False),
    ]


def test_both_in_one_project_take_part_once(pair):
    kept, merged = pair
    project = ProjectFactory()
    ParticipantFactory(project=project, actor=kept, function="")
    ParticipantFactory(project=project, actor=merged, function="Sponsor")

    done = merge(kept, merged)

    rows = Participant.objects.values_list("actor", "function")
    assert list(rows) == [(kept.pk, "Sponsor")]
    merging.undo(done)
    assert set(rows.all()) == {(kept.pk, ""), (merged.pk, "Sponsor")}


def test_both_in_one_case_stand_there_as_one(pair):
    """One brought the matter, both were asked about it: each question stays as it was asked."""
    kept, merged = pair
    case = CaseFactory(actor=merged)
    asked = [ConsultationFactory(case=case, actor=actor) for actor in (kept, merged, kept)]

    done = merge(kept, merged)

    case.refresh_from_db()
    assert case.actor == kept
    assert actors_asked(case) == [(row.pk, kept.pk) for row in asked]
    assert merging.undo(done).left == {}
    case.refresh_from_db()
    assert case.actor == merged
    assert actors_asked(case) == [(row.pk, row.actor_id) for row in asked]


def actors_asked(case):
    return list(case.consultations.order_by("pk").values_list("pk", "actor"))


def test_both_with_one_sector_have_it_once(pair):
    kept, merged = pair
    bread, cake = SectorFactory(), SectorFactory()
    kept.sectors.set([bread])
    merged.sectors.set([bread, cake])

    merge(kept, merged)

    assert set(kept.sectors.all()) == {bread, cake}
    assert merged.sectors.count() == 0


def test_relation_between_the_two_goes_and_comes_back(pair):
    kept, merged = pair
    relation = RelationFactory(actor=merged, other=kept, kind=Relation.Kind.COOPERATES)

    done = merge(kept, merged)

    assert Relation.objects.count() == 0
    assert merging.undo(done).left == {}
    assert Relation.objects.get() == relation


def test_same_relation_of_both_stays_once_and_keeps_on(pair):
    kept, merged = pair
    club = ActorFactory()
    given = {"other": club, "kind": Relation.Kind.MEMBER_OF, "starts_on": date(2020, 1, 1)}
    RelationFactory(actor=kept, **given)
    RelationFactory(actor=merged, ends_on=date(2025, 1, 1), **given)

    merge(kept, merged)

    rows = Relation.objects.values_list("actor", "ends_on")
    assert list(rows) == [(kept.pk, None)]


def day(number):
    return date(2026, 1, 1) + timedelta(days=number)


@pytest.mark.parametrize(
    ("kept_span", "merged_span", "expected"),
    [
        ((10, None), (0, None), [(0, 9, "merged"), (10, None, "kept")]),
        ((0, None), (10, 20), [(0, None, "kept")]),
        ((10, 20), (0, None), [(0, 9, "merged"), (10, 20, "kept"), (21, None, "merged")]),
        ((0, 10), (11, None), [(0, 10, "kept"), (11, None, "merged")]),
        ((0, 10), (10, None), [(0, 10, "kept"), (11, None, "merged")]),
        ((0, 10), (0, 10), [(0, 10, "kept")]),
    ],
)
def test_contact_person_of_the_kept_actor_wins(pair, kept_span, merged_span, expected):
    users = {}
    for name, actor, (start, end) in zip(
        ("kept", "merged"), pair, (kept_span, merged_span), strict=True
    ):
        row = ContactPerson.objects.create(
            actor=actor,
            user=UserFactory(),
            starts_on=day(start),
            ends_on=None if end is None else day(end),
        )
        users[name] = row.user

    done = merge(*pair)

    rows = pair[0].contact_persons.order_by("starts_on").values_list("starts_on", "ends_on", "user")
    assert list(rows) == [
        (day(start), None if end is None else day(end), users[name].pk)
        for start, end, name in expected
    ]
    assert merging.undo(done).left == {}
    assert [actor.contact_persons.get().starts_on for actor in pair] == [
        day(kept_span[0]),
        day(merged_span[0]),
    ]


def body_of(actor, **values):
    return Body.objects.create(actor=actor, kind=Body.Kind.STEERING_GROUP, **values)


def seat(body, person, start=0, end=None, **values):
    return Seat.objects.create(
        body=body,
        person=person,
        group="trade",
        starts_on=day(start),
        ends_on=None if end is None else day(end),
        **values,
    )


def test_both_in_one_body_sit_there_once(pair):
    kept, merged = pair
    body = body_of(ActorFactory(kind=Actor.Kind.BODY))
    seat(body, kept, 10, 20, is_voting=False)
    seat(body, merged, 0, 15, function="Vorsitz")

    done = merge(kept, merged)

    rows = Seat.objects.values_list("person", "starts_on", "ends_on", "is_voting", "function")
    assert list(rows) == [(kept.pk, day(0), day(20), True, "Vorsitz")]
    assert merging.undo(done).left == {}
    assert set(rows.all()) == {
        (kept.pk, day(10), day(20), False, ""),
        (merged.pk, day(0), day(15), True, "Vorsitz"),
    }


def test_seats_one_after_the_other_stay_two(pair):
    kept, merged = pair
    body = body_of(ActorFactory(kind=Actor.Kind.BODY))
    seat(body, kept, 0, 10)
    seat(body, merged, 11)

    merge(kept, merged)

    assert Seat.objects.filter(person=kept).count() == 2


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_becomes_their_own_deputy(pair, turned):
    kept, merged = pair
    body = body_of(ActorFactory(kind=Actor.Kind.BODY))
    person, deputy = (merged, kept) if turned else (kept, merged)
    row = seat(body, person, deputy=deputy)

    done = merge(kept, merged)

    row.refresh_from_db()
    assert (row.person, row.deputy) == (kept, None)
    assert merging.undo(done).left == {}
    row.refresh_from_db()
    assert (row.person, row.deputy) == (person, deputy)


def test_two_bodies_become_one_with_the_seats_and_quotas_of_both():
    kept = ActorFactory(kind=Actor.Kind.BODY)
    merged = ActorFactory(kind=Actor.Kind.BODY, centre=kept.centre)
    mine, theirs = body_of(kept), body_of(merged, quorum_percent=50)
    trader = ActorFactory(kind=Actor.Kind.PERSON)
    seat(mine, trader, 0)
    seat(theirs, trader, 5)
    seat(theirs, ActorFactory(kind=Actor.Kind.PERSON))
    Quota.objects.create(body=mine, group="trade", at_most_percent=49)
    Quota.objects.create(body=theirs, group="trade", at_most_percent=30)
    Quota.objects.create(body=theirs, group="each", at_most_percent=49)

    done = merge(kept, merged)

    body = Body.objects.get()
    assert (body.actor, body.quorum_percent, body.seats.count()) == (kept, 50, 2)
    assert set(body.quotas.values_list("group", "at_most_percent")) == {("trade", 49), ("each", 49)}
    assert merging.undo(done).left == {}
    assert (Body.objects.get(actor=merged).seats.count(), Seat.objects.count()) == (2, 3)
    assert Body.objects.get(actor=kept).quorum_percent is None


def test_organisation_and_body_become_a_body(pair):
    kept, merged = pair
    Actor.objects.filter(pk=merged.pk).update(kind=Actor.Kind.BODY)
    body_of(merged)

    done = merge(kept, merged)

    kept.refresh_from_db()
    assert (kept.kind, kept.body.actor_id) == (Actor.Kind.BODY, kept.pk)
    merging.undo(done)
    kept.refresh_from_db()
    assert kept.kind == Actor.Kind.ORGANISATION


def test_visits_of_one_round_keep_both_texts(pair):
    kept, merged = pair
    user = UserFactory()
    tour = make(Visit._meta.get_field("round").related_model, user=user)
    for actor, text in zip(pair, ("Klagt über Lärm.", "Will ausbauen."), strict=True):
        Visit.objects.create(actor=actor, user=user, round=tour, text=text)

    merge(kept, merged)

    assert Visit.objects.get().text == "Klagt über Lärm.\n\nWill ausbauen."


def test_handover_of_both_names_the_kept_one(pair):
    kept, merged = pair
    handover = make(Handover)
    handover.actors.set(pair)

    merge(kept, merged)

    assert list(handover.actors.all()) == [kept]


def test_expertise_of_both_stands_once(pair):
    kept, merged = pair
    field = FieldOfExpertise.objects.create(name="Licht")
    Expertise.objects.create(actor=kept, field=field)
    Expertise.objects.create(actor=merged, field=field, source="Kammer")

    merge(kept, merged)

    assert list(Expertise.objects.values_list("actor", "source")) == [(kept.pk, "Kammer")]


@pytest.mark.parametrize("turned", [False, True])
def test_who_withdrew_a_consent_has_withdrawn_it(pair, turned):
    kept, merged = pair
    agreed, withdrew = (merged, kept) if turned else (kept, merged)
    given = {"purpose": Consent.Purpose.NEWS, "text_version": "1", "source": "Brief"}
    Consent.objects.create(actor=agreed, given_on=day(0), **given)
    Consent.objects.create(actor=withdrew, given_on=day(0), withdrawn_on=day(9), **given)

    done = merge(kept, merged)

    assert set(kept.consents.values_list("withdrawn_on", flat=True)) == {day(9)}
    assert merging.undo(done).left == {}
    assert agreed.consents.get().withdrawn_on is None


def test_next_import_finds_the_kept_actor(pair):
    kept, merged = pair
    record = SourceRecordFactory(actor=merged)

    merge(kept, merged)

    record.refresh_from_db()
    assert record.actor == kept


def test_earlier_signposts_point_on(pair):
    kept, merged = pair
    older = ActorFactory(centre=kept.centre)
    first = merge(merged, older)

    second = merge(kept, merged)

    older.refresh_from_db()
    assert older.merged_into == kept
    with pytest.raises(ValidationError, match="later"):
        merging.undo(first)
    merging.undo(second)
    older.refresh_from_db()
    assert older.merged_into == merged
    assert merging.undo(first).left == {}


def test_not_the_same_is_remembered_for_the_kept_actor(pair):
    kept, merged = pair
    third, user = ActorFactory(centre=kept.centre), UserFactory()
    Candidate.objects.create(
        first=merged, second=third, score=60, decided_at=timezone.now(), decided_by=user
    )

    done = merge(kept, merged)

    first, second = sorted((kept, third), key=lambda actor: actor.pk)
    assert Candidate.objects.filter(first=first, second=second, decided_by=user).count() == 1
    merging.undo(done)
    assert Candidate.objects.count() == 1


def test_circle_of_merges_is_refused(pair):
    kept, merged = pair
    merge(kept, merged)

    with pytest.raises(ValidationError, match="already"):
        merge(merged, kept)
    with pytest.raises(ValidationError, match="itself"):
        merge(kept, kept)


def test_circle_of_three_merges_is_refused(pair):
    kept, merged = pair
    third = ActorFactory(centre=kept.centre)
    merge(kept, merged)
    merge(third, kept)

    for circle in (kept, merged):
        with pytest.raises(ValidationError, match="already"):
            merge(circle, third)
    ends = Actor.objects.filter(pk__in=[kept.pk, merged.pk]).values_list("merged_into", flat=True)
    assert list(ends) == [third.pk, third.pk]


def test_person_and_organisation_are_refused(pair):
    person = ActorFactory(kind=Actor.Kind.PERSON)

    with pytest.raises(ValidationError, match="not the same"):
        merge(pair[0], person)


def test_archived_actor_does_not_stay(pair):
    kept, merged = pair
    Actor.objects.filter(pk=kept.pk).update(archived_at=timezone.now())

    with pytest.raises(ValidationError, match="archived"):
        merge(kept, merged)


def test_merge_of_what_somebody_changed_is_refused(pair):
    kept, merged = pair
    Actor.objects.filter(pk=merged.pk).update(version=5)

    with pytest.raises(ValidationError) as refusal:
        merging.merge(kept, merged, by=UserFactory(), values={}, versions=(0, 0))

    assert refusal.value.code == "stale"
    assert Merge.objects.count() == 0


def test_open_forms_of_moved_rows_become_stale(pair):
    kept, merged = pair
    case = make(kept.cases.model, actor=merged)

    merge(kept, merged)

    before = case.version
    case.refresh_from_db()
    assert (case.actor, case.version) == (kept, before + 1)


def test_undo_says_what_somebody_changed_since(pair):
    kept, merged = pair
    phone = PhoneNumberFactory(actor=merged, number="030 123456")
    EmailAddressFactory(actor=merged, email="a@x.example", is_main=True)
    case = make(kept.cases.model, actor=merged)
    done = merge(kept, merged, name="Mehl")
    Actor.objects.filter(pk=kept.pk).update(name="Mehlwurm")
    phone.refresh_from_db()
    phone.delete()
    third = ActorFactory(centre=kept.centre)
    kept.cases.update(actor=third)

    undone = merging.undo(done)

    case.refresh_from_db()
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert case.actor == third
    assert (kept.name, merged.archived_at, merged.merged_into) == ("Mehlwurm", None, None)
    assert merged.emails.count() == 1
    assert sorted(undone.left.values()) == [1, 1, 1]


def test_undo_ends_after_thirty_days_and_works_once(pair):
    done = merge(*pair)
    merging.undo(done)
    with pytest.raises(ValidationError, match="already"):
        merging.undo(done)

    again = merge(*pair)
    Merge.objects.filter(pk=again.pk).update(created_at=timezone.now() - timedelta(days=30))
    with pytest.raises(ValidationError, match="30 days"):
        merging.undo(again)


def test_what_came_too_late_is_moved_in_the_night(pair):
    kept, merged = pair
    done = merge(kept, merged)
    case = make(kept.cases.model, actor=merged)

    assert [merging.move_late(), merging.move_late()] == [1, 0]

    case.refresh_from_db()
    done.refresh_from_db()
    assert case.actor == kept
    assert merging.undo(done).left == {}
    case.refresh_from_db()
    assert case.actor == merged


def test_old_records_are_emptied(pair):
    done = merge(*pair)
    assert merging.forget_old() == 0
    Merge.objects.filter(pk=done.pk).update(created_at=timezone.now() - timedelta(days=31))

    assert merging.forget_old() == 1
    assert merging.forget_old() == 0
    done.refresh_from_db()
    assert (done.moved, done.before) == ([], {})


def test_row_with_rows_of_its_own_is_not_deleted_silently(pair):
    _kept, merged = pair
    record = merging.Record()
    EmailAddressFactory(actor=merged)

    with pytest.raises((RuntimeError, IntegrityError)):
        record.delete(merged)
