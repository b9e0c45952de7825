"""One timeline of everything that ever happened with an actor."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from actors.directory.noting import add_note
from actors.models import ActorNote, Body, ContactPerson, Handover, Introduction, Seat, Visit
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory
from tests.factories.contacts import CaseFactory
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.accounts.roles import Role

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
KINDS = ["note", "visit", "introduction", "handover", "case", "idea", "seat", "project"]


@pytest.fixture
def centre(db):
    return CentreFactory()


def detail_url(actor):
    return reverse("actors:actor_detail", args=[actor.pk])


def read(client, actor, **query):
    return client.get(detail_url(actor), query).context["entries"]


def everything_about(actor, user):
    """One of each kind, a day apart, in the order of KINDS from the newest to the oldest."""
    centre, day = actor.centre, date(2026, 11, 22)
    desk = {"centre": centre, "carrier": centre.carrier}
    other = ActorFactory(centre=centre, name="Bäckerei")
    ActorNote.objects.create(actor=actor, author=user, text="Kennt alle")
    Visit.objects.create(actor=actor, user=user, visited_at=NOON - timedelta(days=1))
    row = Introduction.objects.create(
        first=other, second=actor, by=user, text="Darf ich …", submission="c0ffee00" + "0" * 24
    )
    Introduction.objects.filter(pk=row.pk).update(created_at=NOON - timedelta(days=2))
    ContactPerson.objects.create(actor=actor, user=user, starts_on=day - timedelta(days=3))
    idea = IdeaFactory(received_on=day - timedelta(days=5), **desk)
    CaseFactory(actor=actor, idea=idea, received_at=NOON - timedelta(days=4), **desk)
    body = Body.objects.create(actor=ActorFactory(kind="body", centre=centre), kind="jury")
    Seat.objects.create(body=body, person=actor, group="trade", starts_on=day - timedelta(days=6))
    project = ProjectFactory(starts_on=day - timedelta(days=7), **desk)
    project.participants.create(actor=actor)


@time_machine.travel(NOON, tick=False)
def test_everything_stands_in_one_list_newest_first(client, sign_in, centre):
    actor = ActorFactory(centre=centre)
    user = sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    everything_about(actor, user)

    assert [entry.kind for entry in read(client, actor)] == KINDS


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("kind", KINDS)
def test_timeline_is_narrowed_to_one_kind(client, sign_in, centre, kind):
    actor = ActorFactory(centre=centre)
    user = sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    everything_about(actor, user)

    assert [entry.kind for entry in read(client, actor, happened=kind)] == [kind]


@time_machine.travel(NOON, tick=False)
def test_timeline_hides_what_belongs_to_another_carrier(client, sign_in, centre):
    actor = ActorFactory(centre=centre)
    everything_about(actor, UserFactory())
    sign_in(Role.MANAGER, centre=centre, carrier=CarrierFactory())

    shown = [entry.kind for entry in read(client, actor)]

    assert shown == [kind for kind in KINDS if kind not in ("case", "idea", "project")]


@time_machine.travel(NOON, tick=False)
def test_hand_over_names_its_file_to_those_who_may_open_it(client, sign_in, centre):
    actor, user = ActorFactory(centre=centre), UserFactory()
    ContactPerson.objects.create(actor=actor, user=user, starts_on=date(2026, 11, 2))
    file = Handover.objects.create(
        centre=centre, to_user=user, by=user, on=date(2026, 11, 2), note="Alles besprochen"
    )
    file.actors.add(actor)

    sign_in(Role.DESK, centre=centre)
    assert [(entry.url, entry.text) for entry in read(client, actor)] == [("", "")]


@time_machine.travel(NOON, tick=False)
def test_what_begins_later_has_not_happened(client, sign_in, centre):
    actor = ActorFactory(centre=centre)
    ContactPerson.objects.create(actor=actor, user=UserFactory(), starts_on=date(2026, 11, 23))
    sign_in(Role.DESK, centre=centre)

    assert read(client, actor) == []


@pytest.mark.parametrize(
    ("wish", "shown", "more"),
    [("", 50, 100), ("100", 60, None), ("-5", 50, 100), ("viele", 50, 100), ("9" * 30, 50, 100)],
)
def test_older_entries_come_on_request(client, sign_in, centre, wish, shown, more):
    actor, author = ActorFactory(centre=centre), UserFactory()
    ActorNote.objects.bulk_create(
        ActorNote(actor=actor, author=author, text=f"Notiz {number}") for number in range(60)
    )
    sign_in(Role.DESK, centre=centre)

    context = client.get(detail_url(actor), {"entries": wish}).context

    assert (len(context["entries"]), context["more"]) == (shown, more)


def test_note_is_kept_with_its_author(client, sign_in, centre):
    actor = ActorFactory(centre=centre)
    user = sign_in(Role.DESK, centre=centre)

    response = client.post(reverse("actors:note_create", args=[actor.pk]), {"text": "Kennt alle"})

    assert response.url == f"{actor.get_absolute_url()}#timeline"
    assert list(actor.notes.values_list("author", "text")) == [(user.pk, "Kennt alle")]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001, "a\0b"])
def test_bad_note_is_refused(client, sign_in, centre, text):
    actor = ActorFactory(centre=centre)
    sign_in(Role.DESK, centre=centre)

    response = client.post(reverse("actors:note_create", args=[actor.pk]), {"text": text})

    assert (response.status_code == 302, actor.notes.count()) == (False, 0)


def test_note_on_a_foreign_actor_is_not_possible(client, sign_in, centre):
    foreign = ActorFactory()
    sign_in(Role.DESK, centre=centre)

    response = client.post(reverse("actors:note_create", args=[foreign.pk]), {"text": "Hallo"})

    assert (response.status_code, foreign.notes.count()) == (404, 0)


@pytest.mark.django_db(transaction=True)
def test_note_sent_four_times_at_once_stands_there_once():
    actor, author = ActorFactory(), UserFactory()

    run_at_once(lambda: add_note(actor, author=author, text="Kennt alle"))

    assert actor.notes.count() == 1


@pytest.mark.django_db
def test_same_note_of_another_day_is_another_note():
    actor, author = ActorFactory(), UserFactory()
    with time_machine.travel(NOON, tick=False):
        add_note(actor, author=author, text="War zu")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        add_note(actor, author=author, text="War zu")

    assert actor.notes.count() == 2
