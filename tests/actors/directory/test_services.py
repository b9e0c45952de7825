import uuid

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from actors.directory.services import Contact, archive_actor, create_actor, update_actor
from actors.models import Actor
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory


@pytest.mark.django_db(transaction=True)
def test_of_four_people_who_save_at_once_one_wins():
    actor = ActorFactory(name="Alt")

    def save():
        mine = Actor.objects.get(pk=actor.pk)
        mine.name = "Neu"
        return update_actor(mine, sectors=[], contact=Contact(), version=0)

    results = run_at_once(save)

    actor.refresh_from_db()
    stale = [r for r in results if isinstance(r, ValidationError) and r.code == "stale"]
    assert (len(stale), actor.version) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_makes_one_actor():
    centre, submission = CentreFactory(), uuid.uuid4()

    def create():
        actor = Actor(kind="organisation", name="Laden", centre=centre, submission=submission)
        return create_actor(actor, sectors=[], contact=Contact()).pk

    assert run_at_once(create) == [Actor.objects.get().pk] * 4


@pytest.mark.django_db(transaction=True)
def test_archived_twice_at_once_is_written_once(monkeypatch):
    actor = ActorFactory()
    meet_before(monkeypatch, Actor, "save")

    run_at_once(lambda: archive_actor(Actor.objects.get(pk=actor.pk)), times=2)

    history = apps.get_model("actors.ActorEvent").objects.filter(pgh_label="update")
    assert list(history.values_list("version", flat=True)) == [1]


@pytest.mark.django_db
def test_refused_row_leaves_no_actor():
    centre = CentreFactory()
    contact = Contact(address={"street": "Weg 1", "place": (99.0, 13.0)})

    with pytest.raises(ValidationError):
        create_actor(
            Actor(kind="organisation", name="Laden", centre=centre), sectors=[], contact=contact
        )

    assert Actor.objects.count() == 0


@pytest.mark.django_db
def test_saving_the_same_again_writes_no_row_anew():
    actor = ActorFactory()
    contact = Contact(
        emails=[{"email": "a@example.org", "label": "", "is_main": True}],
        phones=[{"number": "030 1", "label": ""}],
        address={"street": "Weg 1", "postcode": "", "town": "", "place": None},
    )
    update_actor(actor, sectors=[], contact=contact, version=0)
    before = [list(rows.values()) for rows in (actor.emails, actor.phones, actor.addresses)]

    update_actor(actor, sectors=[], contact=Contact.of(actor), version=1)

    assert [list(rows.values()) for rows in (actor.emails, actor.phones, actor.addresses)] == before
