from datetime import date

import pytest
from django.db import IntegrityError, transaction

from actors.directory.consenting import give_consent
from actors.models import Actor, Consent
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory, ConsentFactory

pytestmark = pytest.mark.django_db


def test_public_are_organisations_with_a_consent_that_holds():
    listed = ConsentFactory().actor
    ConsentFactory(withdrawn_on=date(2026, 6, 1))
    ConsentFactory(given_on=date(2999, 1, 1))
    ConsentFactory(purpose=Consent.Purpose.NEWS)
    ConsentFactory(actor__archived_at="2026-06-01T10:00Z")
    later = ConsentFactory(withdrawn_on=date(2999, 1, 1)).actor
    again = ConsentFactory(withdrawn_on=date(2026, 6, 1)).actor
    ConsentFactory(actor=again)

    assert set(Actor.objects.public()) == {listed, later, again}
    assert Actor.objects.public().count() == 3


def test_contact_data_needs_its_own_consent():
    ConsentFactory(actor__name="Ohne")
    shown = ConsentFactory(actor__name="Mit").actor
    ConsentFactory(actor=shown, purpose=Consent.Purpose.CONTACT_DATA)

    actors = Actor.objects.public().with_public_contact()

    assert {str(actor): actor.has_public_contact for actor in actors} == {
        "Ohne": False,
        "Mit": True,
    }


@pytest.mark.parametrize("purpose", ["directory", "contact_data"])
def test_database_refuses_the_consent_of_a_person_to_stand_in_public(purpose):
    person = ActorFactory(kind="person")

    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.bulk_create([ConsentFactory.build(actor=person, purpose=purpose)])

    assert ConsentFactory(actor=person, purpose="news").pk


def test_listed_organisation_cannot_become_a_person():
    actor = ConsentFactory().actor

    with pytest.raises(IntegrityError), transaction.atomic():
        Actor.objects.filter(pk=actor.pk).update(kind="person")

    actor.consents.update(withdrawn_on=date(2026, 6, 1))
    Actor.objects.filter(pk=actor.pk).update(kind="person")


@pytest.mark.django_db(transaction=True)
def test_consent_given_twice_at_once_stands_there_once():
    actor = ActorFactory()

    def give():
        return give_consent(
            actor, "directory", on=date(2026, 5, 4), source="Formular", text_version="Mai"
        )

    results = run_at_once(give, times=4)

    assert {result.pk for result in results} == {actor.consents.get().pk}
