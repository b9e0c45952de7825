"""Two people merge, undo and decide at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from actors.duplicates import merging, services
from actors.models import Actor, Candidate, Merge
from tests.concurrency import meet_before, run_at_once, wait_until_blocked_or_done
from tests.factories.actors import ActorFactory, PhoneNumberFactory, RelationFactory
from tests.factories.contacts import CaseFactory
from tests.factories.office import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair():
    kept = ActorFactory()
    return kept, ActorFactory(centre=kept.centre)


def fresh(actor):
    return Actor.objects.get(pk=actor.pk)


def test_same_merge_at_once_happens_once(pair, monkeypatch):
    user = UserFactory()
    PhoneNumberFactory(actor=pair[1])
    meet_before(monkeypatch, merging, "move_all")

    results = run_at_once(
        lambda: merging.merge(fresh(pair[0]), fresh(pair[1]), by=user, values={}), times=2
    )

    assert sorted(type(result).__name__ for result in results) == ["Merge", "ValidationError"]
    assert Merge.objects.count() == 1


def test_merges_the_other_way_round_make_no_circle(pair, monkeypatch):
    user = UserFactory()
    meet_before(monkeypatch, merging, "move_all")
    ways = [pair, pair[::-1]] * 2

    def merge():
        kept, merged = ways.pop()
        return merging.merge(fresh(kept), fresh(merged), by=user, values={})

    results = run_at_once(merge)

    assert sum(isinstance(result, Merge) for result in results) == 1
    assert sum(isinstance(result, ValidationError) for result in results) == 3
    assert Actor.objects.filter(merged_into__isnull=False).count() == 1


def merge_while(pair, act):
    """Merge in another thread while `act` is done here and not committed yet."""
    user = UserFactory()

    def merge():
        try:
            return merging.merge(*map(fresh, pair), by=user, values={})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act()
            merged = pool.submit(merge)
            wait_until_blocked_or_done(merged)
        return merged.result()


def test_case_that_is_given_to_another_actor_meanwhile_stays_there(pair):
    case, third = CaseFactory(actor=pair[1]), ActorFactory(centre=pair[0].centre)
    cases = type(case).objects.filter(pk=case.pk)

    merge_while(pair, lambda: cases.update(actor=third))

    assert cases.get().actor == third


def test_relation_that_becomes_the_same_meanwhile_is_united(pair):
    one = RelationFactory(actor=pair[0], function="Leitung")
    other = RelationFactory(actor=pair[1], other=one.other, kind=one.kind, function="Chefin")
    relations = type(one).objects.filter(pk__in=[one.pk, other.pk])

    merge_while(pair, lambda: relations.filter(pk=other.pk).update(function="Leitung"))

    assert [row.actor for row in relations] == [pair[0]]


def test_undo_at_once_happens_once(pair, monkeypatch):
    done = merging.merge(*pair, by=UserFactory(), values={})
    meet_before(monkeypatch, merging, "_take_back")

    results = run_at_once(lambda: merging.undo(Merge.objects.get(pk=done.pk)), times=2)

    assert sorted(type(result).__name__ for result in results) == ["Undone", "ValidationError"]


def test_first_decision_stays(pair, monkeypatch):
    candidate = Candidate.objects.create(first=pair[0], second=pair[1], score=60)
    user, save, saved = UserFactory(), Candidate.save, []
    monkeypatch.setattr(Candidate, "save", lambda *a, **k: (saved.append(1), save(*a, **k)))
    meet_before(monkeypatch, Candidate, "save")

    run_at_once(lambda: services.reject(Candidate.objects.get(pk=candidate.pk), by=user), times=2)

    assert saved == [1]
