from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actors.care import assigning, services
from actors.models import ContactPerson, Handover, Round, Visit
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    ContactPersonFactory,
    EmailAddressFactory,
    RoundFactory,
    VisitFactory,
)
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def worker(centre, **mandate):
    return MandateFactory(centre=centre, **mandate).user


def held(actor):
    rows = actor.contact_persons.order_by("starts_on")
    return [(row.user, row.starts_on, row.ends_on) for row in rows]


def give(actors, to, on=JUNE, **more):
    return services.hand_over(
        [actor.pk for actor in actors],
        centre=actors[0].centre,
        to_user=to,
        on=on,
        by=to,
        **({"submission": uuid4()} | more),
    )


def test_contact_person_ends_the_day_before_the_next_begins():
    actor = ActorFactory()
    first, second = worker(actor.centre), worker(actor.centre)

    services.set_contact_person(actor, user=first, on=MAY)
    services.set_contact_person(actor, user=second, on=JUNE)

    assert held(actor) == [(first, MAY, date(2026, 5, 31)), (second, JUNE, None)]


def test_contact_person_of_the_same_day_is_replaced_and_the_same_one_stays():
    actor = ActorFactory()
    first, second = worker(actor.centre), worker(actor.centre)
    services.set_contact_person(actor, user=first, on=JUNE)

    services.set_contact_person(actor, user=second, on=JUNE)
    services.set_contact_person(actor, user=second, on=JULY)

    assert held(actor) == [(second, JUNE, None)]


def test_contact_person_cannot_begin_before_somebody_who_is_entered_for_later():
    actor = ActorFactory(name="Café Kranz")
    later = ContactPersonFactory(actor=actor, starts_on=JULY)

    with pytest.raises(ValidationError) as refusal:
        services.set_contact_person(actor, user=worker(actor.centre), on=JUNE)

    assert refusal.value.code == "later"
    assert f"Café Kranz: {later.user}" in refusal.value.message
    assert held(actor) == [(later.user, JULY, None)]


@pytest.mark.parametrize("mandate", ["elsewhere", "ended", "city"])
def test_contact_person_needs_a_mandate_at_this_office_on_that_day(mandate):
    actor = ActorFactory()
    user = {
        "elsewhere": lambda: worker(CentreFactory()),
        "ended": lambda: worker(actor.centre, ends_on=MAY),
        "city": lambda: worker(actor.centre, role="city"),
    }[mandate]()

    with pytest.raises(ValidationError) as refusal:
        services.set_contact_person(actor, user=user, on=JUNE)

    assert (refusal.value.code, held(actor)) == ("no_mandate", [])


def test_database_refuses_two_contact_persons_at_once():
    row = ContactPersonFactory(starts_on=MAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPersonFactory(actor=row.actor, starts_on=JUNE)


def test_entry_for_a_day_to_come_is_taken_back_and_the_one_before_goes_on():
    actor = ActorFactory()
    first, second = worker(actor.centre), worker(actor.centre)
    services.set_contact_person(actor, user=first, on=MAY)
    services.set_contact_person(actor, user=second, on=JULY)

    services.withdraw_contact_person(actor.contact_persons.get(user=second), today=JUNE)

    assert held(actor) == [(first, MAY, None)]
    with pytest.raises(ValidationError):
        services.withdraw_contact_person(actor.contact_persons.get(), today=JUNE)


def test_hand_over_moves_all_actors_and_keeps_their_history():
    centre = CentreFactory()
    actors = ActorFactory.create_batch(3, centre=centre)
    old, new = worker(centre), worker(centre)
    for actor in actors[:2]:
        ContactPersonFactory(actor=actor, user=old, starts_on=MAY)

    row = give(actors, new, from_user=old, note="Bitte bald besuchen.")

    assert set(row.actors.all()) == set(actors)
    assert held(actors[0]) == [(old, MAY, date(2026, 5, 31)), (new, JUNE, None)]
    assert held(actors[2]) == [(new, JUNE, None)]


def test_hand_over_is_all_or_nothing():
    centre = CentreFactory()
    actors = ActorFactory.create_batch(2, centre=centre)
    ContactPersonFactory(actor=actors[1], starts_on=JULY)

    with pytest.raises(ValidationError):
        give(actors, worker(centre))

    assert (held(actors[0]), Handover.objects.count()) == ([], 0)


def test_hand_over_refuses_the_same_person_and_when_nothing_changes():
    actor = ActorFactory()
    user = worker(actor.centre)

    with pytest.raises(ValidationError, match=r"zwei verschiedene|two different"):
        give([actor], user, from_user=user)
    give([actor], user)
    with pytest.raises(ValidationError) as refusal:
        give([actor], user, on=JULY)

    assert refusal.value.code == "unchanged"
    assert Handover.objects.count() == 1


def test_hand_over_sent_twice_is_one():
    actor = ActorFactory()
    user, key = worker(actor.centre), uuid4()

    rows = [give([actor], user, submission=key) for _press in range(2)]

    assert rows[0] == rows[1]
    assert (Handover.objects.count(), ContactPerson.objects.count()) == (1, 1)


def test_hand_over_takes_the_same_queries_for_one_and_a_hundred(django_assert_num_queries):
    centre = CentreFactory()
    new = worker(centre)
    for number in (1, 100):
        actors = ActorFactory.create_batch(number, centre=centre)
        for actor in actors:
            ContactPersonFactory(actor=actor, starts_on=MAY)

        with django_assert_num_queries(14):
            give(actors, new)


@pytest.mark.django_db(transaction=True)
def test_hand_overs_pressed_at_once_are_one():
    actor = ActorFactory()
    user, key = worker(actor.centre), uuid4()

    rows = run_at_once(lambda: give([actor], user, submission=key))

    assert rows == [Handover.objects.get()] * 4
    assert held(actor) == [(user, JUNE, None)]


@pytest.mark.django_db(transaction=True)
def test_two_hand_overs_of_one_actor_at_once_follow_each_other(monkeypatch):
    actor = ActorFactory()
    users = [worker(actor.centre) for _number in range(2)]
    waiting = list(users)
    meet_before(monkeypatch, assigning, "_refuse_later")

    rows = run_at_once(lambda: give([actor], waiting.pop()), times=2)

    assert all(isinstance(row, Handover) for row in rows), rows
    (last,) = held(actor)
    assert (last[0] in users, last[1:]) == (True, (JUNE, None))


def handed(count=2, **more):
    centre = CentreFactory()
    actors = ActorFactory.create_batch(count, centre=centre)
    for actor in actors:
        EmailAddressFactory(actor=actor, is_main=True)
    return give(actors, worker(centre, user__name="Ayla Demirkan"), **more)


def test_actors_are_told_once_by_mail_who_looks_after_them():
    row = handed()
    ActorFactory(centre=row.centre)

    assert [services.tell_actors(row) for _press in range(2)] == [2, 0]

    mails = OutgoingMail.objects.order_by("key")
    assert [mail.key for mail in mails] == [
        f"handover:{row.pk}:{pk}" for pk in sorted(row.actors.values_list("pk", flat=True))
    ]
    assert "Ihre Ansprechperson ist jetzt Ayla Demirkan" in mails[0].text
    assert row.to_user.email in mails[0].text
    assert mails[0].reply_to == row.to_user.email


def test_only_actors_that_are_still_theirs_and_have_an_address_are_told():
    row = handed(3)
    first, second, third = row.actors.order_by("pk")
    first.emails.all().delete()
    give([second], worker(row.centre), on=JULY)
    second.contact_persons.filter(user=row.to_user).update(user=worker(row.centre))

    assert services.tell_actors(row) == 1
    assert OutgoingMail.objects.get().to == third.emails.get().email


@pytest.mark.django_db(transaction=True)
def test_actors_told_at_once_get_one_mail():
    row = handed(1)

    told = run_at_once(lambda: services.tell_actors(Handover.objects.get(pk=row.pk)))

    assert (sorted(told), OutgoingMail.objects.count()) == ([0, 0, 0, 1], 1)


def test_telling_takes_the_same_queries_for_one_and_a_hundred(django_assert_num_queries):
    for number in (1, 100):
        row = Handover.objects.select_related("centre__town", "centre__carrier", "to_user").get(
            pk=handed(number).pk
        )
        with django_assert_num_queries(8):
            services.tell_actors(row)


def placed(centre, east):
    actor = ActorFactory(centre=centre)
    AddressFactory(actor=actor, latitude=52.0, longitude=13.0 + east / 1000)
    return actor


def test_round_is_walked_from_the_office_on_by_the_shortest_way():
    centre = CentreFactory(latitude=52.0, longitude=13.0)
    far, near, middle = (placed(centre, east) for east in (3, 1, 2))
    nowhere = ActorFactory(centre=centre)
    user = worker(centre)

    row = services.plan_round([nowhere, far, near], user=user, on=JUNE)
    again = services.plan_round([middle, near], user=user, on=JUNE)

    assert row == again
    stops = list(row.visits.values_list("actor", "position"))
    assert stops == [(near.pk, 1), (middle.pk, 2), (far.pk, 3), (nowhere.pk, 4)]


def test_round_keeps_the_stops_that_are_made_in_front():
    centre = CentreFactory(latitude=52.0, longitude=13.0)
    far, near = placed(centre, 3), placed(centre, 1)
    user = worker(centre)
    row = services.plan_round([far], user=user, on=JUNE)
    services.save_visit(row.visits.get(), by=user, text="")

    services.plan_round([near], user=user, on=JUNE)

    assert list(row.visits.values_list("actor", flat=True)) == [far.pk, near.pk]


def test_round_without_anybody_is_refused():
    with pytest.raises(ValidationError):
        services.plan_round([], user=worker(CentreFactory()), on=JUNE)
    assert Round.objects.count() == 0


def test_round_holds_the_actors_of_one_office():
    here, there = placed(CentreFactory(), 1), placed(CentreFactory(), 2)
    user = worker(here.centre)

    with pytest.raises(ValidationError) as several:
        services.plan_round([here, there], user=user, on=JUNE)
    assert (several.value.code, Round.objects.count()) == ("several_offices", 0)

    row = services.plan_round([here], user=user, on=JUNE)
    with pytest.raises(ValidationError) as elsewhere:
        services.plan_round([there], user=user, on=JUNE)
    assert elsewhere.value.code == "elsewhere"
    assert list(row.visits.values_list("actor", flat=True)) == [here.pk]


@pytest.mark.django_db(transaction=True)
def test_rounds_planned_at_once_are_one_with_each_stop_once():
    actor = placed(CentreFactory(), 1)
    user = worker(actor.centre)

    run_at_once(lambda: services.plan_round([actor], user=user, on=JUNE))

    assert (Round.objects.count(), Visit.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_stops_planned_at_once_are_numbered_through(monkeypatch):
    row = RoundFactory(on=JUNE)
    actors = [placed(row.centre, 1), placed(row.centre, 2)]
    meet_before(monkeypatch, services, "_put_in_order")

    run_at_once(lambda: services.plan_round([actors.pop()], user=row.user, on=JUNE), times=2)

    assert list(row.visits.order_by("position").values_list("position", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_stops_dropped_at_once_leave_no_gap(monkeypatch):
    row = RoundFactory()
    *doomed, stays = [VisitFactory(round=row, position=number) for number in (1, 2, 3)]
    meet_before(monkeypatch, services, "_put_in_order")

    run_at_once(lambda: services.drop_stop(doomed.pop()), times=2)

    assert list(row.visits.values_list("pk", "position")) == [(stays.pk, 1)]


def test_stop_is_dropped_unless_the_visit_is_made():
    row = RoundFactory()
    first = VisitFactory(round=row, position=1)
    second = VisitFactory(round=row, position=2)
    services.save_visit(second, by=row.user, text="Da")

    services.drop_stop(first)
    with pytest.raises(ValidationError):
        services.drop_stop(second)

    assert list(row.visits.values_list("pk", "position")) == [(second.pk, 1)]


def test_visit_saved_twice_is_one_and_keeps_its_moment():
    visit = VisitFactory(round=RoundFactory())
    by = visit.user

    first = services.save_visit(visit, by=by, text="Hat Zeit")
    second = services.save_visit(visit, by=by, text="Hat Zeit und Lust")

    assert (Visit.objects.count(), second.text) == (1, "Hat Zeit und Lust")
    assert first.visited_at == second.visited_at


def test_visit_loses_no_text_that_a_colleague_wrote_meanwhile():
    visit = VisitFactory(round=RoundFactory(), text="Alt")
    services.save_visit(visit, by=visit.user, text="Kollegin", before="Alt")

    mine = services.save_visit(visit, by=visit.user, text="Ich", before="Alt")
    again = services.save_visit(visit, by=visit.user, text="Ich", before="Alt")

    assert mine.text == again.text == "Kollegin\n\nIch"


def test_visit_whose_answer_was_lost_is_not_doubled_by_going_on_writing():
    visit = VisitFactory(round=RoundFactory())
    services.save_visit(visit, by=visit.user, text="Hat Zeit", before="")

    assert services.save_visit(visit, by=visit.user, text="Hat Zeit, Di", before="").text == (
        "Hat Zeit, Di"
    )


@pytest.mark.parametrize(
    ("ago", "is_believed"), [(timedelta(hours=5), True), (timedelta(days=9), False)]
)
def test_visit_believes_the_phone_a_moment_of_the_last_days_only(ago, is_believed):
    visit = VisitFactory(round=RoundFactory())
    at = timezone.now() - ago

    saved = services.save_visit(visit, by=visit.user, text="", at=at)

    assert (saved.visited_at == at) is is_believed
    later = datetime(2999, 1, 1, tzinfo=UTC)
    other = VisitFactory(round=RoundFactory())
    assert services.save_visit(other, by=other.user, text="", at=later).visited_at < later


@pytest.mark.django_db(transaction=True)
def test_visit_saved_at_once_from_two_phones_keeps_both_texts():
    visit = VisitFactory(round=RoundFactory())
    texts = ["Eins", "Zwei"]

    run_at_once(lambda: services.save_visit(visit, by=visit.user, text=texts.pop()), times=2)

    assert sorted(Visit.objects.get().text.split("\n\n")) == ["Eins", "Zwei"]
