import uuid

import pytest
from django.urls import reverse

from actors.models import Introduction
from actors.network.introducing import introduce
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory, EmailAddressFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

URL = reverse("actors:introduction_create")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return centre


def reachable(centre, name, email):
    actor = ActorFactory(centre=centre, name=name)
    EmailAddressFactory(actor=actor, email=email)
    return actor


def pair(centre):
    return reachable(centre, "Laden", "a@example.org"), reachable(centre, "Schule", "b@example.org")


def form_data(**changes):
    data = {"first": "Laden", "second": "Schule", "text": "Kennen Sie sich?", "agreed": "on"}
    return data | {"submission": str(uuid.uuid4())} | changes


def test_both_get_the_mail_with_both_names_and_it_is_kept(client, centre):
    first, second = pair(centre)

    response = client.post(URL, form_data())

    made = Introduction.objects.get()
    mails = OutgoingMail.objects.order_by("pk")
    assert response.url == f"{first.get_absolute_url()}#timeline"
    assert (made.first, made.second, made.text) == (first, second, "Kennen Sie sich?")
    both = "a@example.org, b@example.org"
    assert list(mails.values_list("to", "to_header", "reply_to", "carrier")) == [
        ("a@example.org", both, "", centre.carrier_id),
        ("b@example.org", both, "", centre.carrier_id),
    ]
    assert mails[1].copy_of == mails[0]
    assert (mails[1].message_id, mails[1].text) == (mails[0].message_id, mails[0].text)
    for part in ("Kennen Sie sich?", "Laden: a@example.org", "Schule: b@example.org"):
        assert part in mails[0].text


@pytest.mark.parametrize("other", [0, 1])
def test_introduction_stands_on_both_timelines(client, centre, other):
    actors = pair(centre)
    client.post(URL, form_data())

    entries = client.get(actors[1 - other].get_absolute_url()).context["entries"]

    assert [(entry.kind, entry.url) for entry in entries] == [
        ("introduction", actors[other].get_absolute_url())
    ]


def test_two_actors_with_one_address_get_one_mail(client, centre):
    reachable(centre, "Laden", "a@example.org")
    reachable(centre, "Schule", "A@example.org")

    client.post(URL, form_data())

    assert OutgoingMail.objects.get().to_header == ""


def test_button_pressed_twice_writes_once(client, centre):
    pair(centre)
    data = form_data()

    codes = [client.post(URL, data).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert (Introduction.objects.count(), OutgoingMail.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_writes_once():
    (first, second), by, submission = pair(CentreFactory()), UserFactory(), uuid.uuid4()

    results = run_at_once(
        lambda: introduce(first, second, by=by, text="Hallo", submission=submission).pk
    )

    assert results == [Introduction.objects.get().pk] * 4
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": ""}, "first"),
        ({"second": "Niemand"}, "second"),
        ({"second": "Laden"}, "second"),
        ({"text": ""}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"agreed": ""}, "agreed"),
        ({"submission": ""}, "submission"),
        ({"submission": "x"}, "submission"),
        ({"second": "Ohne Mail"}, "second"),
        ({"second": "Fremd"}, "second"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_sent(client, centre, change, field):
    pair(centre)
    ActorFactory(centre=centre, name="Ohne Mail")
    reachable(CentreFactory(), "Fremd", "c@example.org")

    response = client.post(URL, form_data(**change))

    if "\0" in "".join(change.values()):
        assert response.status_code in (200, 400)
    else:
        assert list(response.context["form"].errors) == [field]
    assert (Introduction.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_address_names_the_first_actor(client, centre):
    first, _second = pair(centre)

    html = client.get(f"{URL}?first={first.pk}").content.decode()

    assert 'value="Laden"' in html


def test_foreign_actor_in_the_address_is_not_named(client, centre):
    foreign = reachable(CentreFactory(), "Verborgen", "c@example.org")

    assert "Verborgen" not in client.get(f"{URL}?first={foreign.pk}&second=x").content.decode()
