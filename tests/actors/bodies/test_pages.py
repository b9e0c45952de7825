from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actors.bodies import services
from actors.models import Actor, Body, Quota, Seat
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory, BodyFactory, SeatFactory
from tests.factories.office import CentreFactory
from tests.zentrum.bad_input.pages import forms_of
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = "/gremien/"
NEW = "/gremien/neu/"
RULES = {"kind": "steering_group", "majority": "simple", "name": "Lenkungsgruppe Mitte"}


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def body_in(centre, **fields):
    return BodyFactory(actor__centre=centre, **fields)


def person_in(centre, **fields):
    return ActorFactory(kind=Actor.Kind.PERSON, centre=centre, **fields)


def shown_form(client, url):
    return next(f for f in forms_of(client.get(url).text, url) if f.action == url)


def token(client, url):
    return shown_form(client, url).fields["submission"].value


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    for _ in range(count):
        SeatFactory(body=body_in(centre))

    with django_assert_num_queries(6):
        page = client.get(LIST)

    assert [body.votes for body in page.context["own"]] == [1] * count


@pytest.mark.parametrize("count", [1, 3])
def test_body_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    body = body_in(centre)
    for _ in range(count):
        SeatFactory(body=body, represents=ActorFactory(), deputy=person_in(centre))

    with django_assert_num_queries(8):
        page = client.get(body.get_absolute_url())

    assert len(page.context["seats"]) == count


def test_networks_outside_the_office_stand_apart_with_their_own_link(client, centre, manager):
    own = body_in(centre)
    network = body_in(centre, is_external=True, actor__website="https://verein.example/")

    page = client.get(LIST)

    assert (page.context["own"], page.context["external"]) == ([own], [network])
    assert 'href="https://verein.example/"' in page.text


def test_body_of_the_directory_gets_its_rules_and_stays_one_actor(client, centre, manager):
    actor = ActorFactory(kind=Actor.Kind.BODY, centre=centre, name="Beirat")
    assert client.get(LIST).context["unruled"].get() == actor

    client.post(f"{NEW}?actor={actor.pk}", RULES | {"name": "Beirat", "quorum_percent": 50})

    assert (Body.objects.get().actor, Body.objects.get().quorum_percent) == (actor, 50)
    assert Actor.objects.count() == 1


def test_new_body_is_an_actor_too_and_pressing_twice_makes_one(client, centre, manager):
    data = RULES | {"centre": centre.pk, "submission": token(client, NEW)}

    first, second = client.post(NEW, data), client.post(NEW, data)

    body = Body.objects.get()
    assert (first.url, second.url) == (body.get_absolute_url(),) * 2
    assert (body.actor.kind, body.actor.name) == ("body", "Lenkungsgruppe Mitte")


def test_seat_entered_twice_is_one_seat_also_when_it_is_vacant(client, centre, manager):
    body = body_in(centre)
    url = reverse("actors:seat_create", args=[body.pk])
    data = {"group": "owners", "starts_on": "2026-01-01", "submission": token(client, url)}

    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]

    assert body.seats.get().person is None


def test_seat_that_ends_before_it_starts_is_refused_in_words(client, centre, manager):
    body = body_in(centre)
    url = reverse("actors:seat_create", args=[body.pk])

    page = client.post(url, {"group": "owners", "starts_on": "2026-05-02", "ends_on": "2026-05-01"})

    assert "Das Ende liegt vor dem Beginn." in page.text
    assert not Seat.objects.exists()


def test_nobody_is_their_own_deputy(client, centre, manager):
    body, person = body_in(centre), person_in(centre)
    url = reverse("actors:seat_create", args=[body.pk])
    both = {"person": str(person), "person_id": person.pk}
    both |= {"deputy": str(person), "deputy_id": person.pk}

    page = client.post(url, both | {"group": "trade", "starts_on": "2026-01-01"})

    assert "Niemand kann sich selbst vertreten." in page.text


def test_person_leaves_and_the_memory_stays(client, centre, manager):
    body = body_in(centre)
    seat = SeatFactory(body=body, person=person_in(centre))

    client.post(reverse("actors:seat_end", args=[body.pk, seat.pk]))

    seat.refresh_from_db()
    assert seat.ends_on == timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_seat_ends_once_when_two_people_press_at_once():
    seat = SeatFactory()
    today = timezone.localdate()

    results = run_at_once(lambda: services.end_seat(Seat.objects.get(pk=seat.pk), on=today))

    refused = [result for result in results if isinstance(result, ValidationError)]
    assert len(refused) == len(results) - 1


def test_quota_is_added_once_and_removed(client, centre, manager):
    body = body_in(centre)
    url = reverse("actors:quota_create", args=[body.pk])
    data = {"group": "civil_society", "at_least_percent": "50"}

    client.post(url, data)
    again = client.post(url, data)

    assert "Für diese Gruppe gibt es schon eine Quote." in again.text
    quota = body.quotas.get()
    client.post(reverse("actors:quota_delete", args=[body.pk, quota.pk]))
    assert not Quota.objects.exists()


def test_quota_without_a_share_says_what_is_missing(client, centre, manager):
    body = body_in(centre)

    page = client.post(reverse("actors:quota_create", args=[body.pk]), {"group": "each"})

    assert "Eine Quote braucht einen Mindest- oder einen Höchstanteil." in page.text


def test_broken_rule_is_said_on_the_page(client, centre, manager):
    body = body_in(centre, quorum_seats=5)
    SeatFactory(body=body)

    page = client.get(body.get_absolute_url())

    assert not page.context["composition"].is_sound
    assert "nicht eingehalten" in page.text


def test_desk_staff_read_bodies_and_change_none(client, sign_in, centre):
    sign_in(Role.DESK, centre=centre)
    body = body_in(centre)

    assert client.get(body.get_absolute_url()).status_code == 200
    assert "Sitz hinzufügen" not in client.get(body.get_absolute_url()).text
    assert client.post(reverse("actors:seat_create", args=[body.pk])).status_code == 403


def test_bodies_of_another_centre_are_not_there(client, manager):
    foreign = BodyFactory()

    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert foreign not in client.get(LIST).context["own"]


def test_body_of_the_directory_of_another_centre_gets_no_rules(client, manager):
    foreign = ActorFactory(kind=Actor.Kind.BODY)
    url = f"{NEW}?actor={foreign.pk}"

    assert list(client.get(LIST).context["unruled"]) == []
    assert [client.get(url).status_code, client.post(url, RULES).status_code] == [404, 404]


def test_open_form_of_the_actor_is_older_than_its_body(client, centre, manager):
    """The name stands in both forms: the second to save must hear of the first."""
    body = body_in(centre)
    before = body.actor.version

    client.post(
        reverse("actors:body_update", args=[body.pk]), RULES | {"centre": body.actor.centre_id}
    )

    body.actor.refresh_from_db()
    assert (body.actor.name, body.actor.version) == ("Lenkungsgruppe Mitte", before + 1)


def test_seats_stand_on_the_page_of_the_actor(client, centre, manager):
    person = person_in(centre)
    SeatFactory(body=body_in(centre, actor__name="Beirat Mitte"), person=person)
    SeatFactory(
        body=body_in(centre, actor__name="Alte Jury"),
        person=person,
        ends_on=timezone.localdate() - timedelta(days=1),
        starts_on=date(2025, 1, 1),
    )

    page = client.get(person.get_absolute_url())

    section = page.text.partition('id="seats-of-actor"')[2].partition("</section>")[0]
    assert ("Beirat Mitte" in section, "Alte Jury" in section) == (True, False)
