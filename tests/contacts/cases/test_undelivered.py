"""Answers that did not arrive stand on the case and on Heute until somebody deals with them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services
from contacts.models import Message
from tests.factories.contacts import CaseFactory
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import note_bounce, try_again

pytestmark = pytest.mark.django_db
TODAY = reverse("contacts:today")


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)


def answered(centre, owner, **fields):
    fields = {"carrier": centre.carrier, "sender_email": "laden@example.org"} | fields
    case = CaseFactory(centre=centre, owner=owner, **fields)
    return services.reply(
        case, author=owner, text="Gern.", version=case.version, cc=["amt@example.org"]
    )


def bounce(message, address="amt@example.org"):
    note_bounce(message.mail.message_id, address, "5.1.1 unknown", is_permanent=True)


def shown(client):
    return [case.entry_id for case in client.get(TODAY).context["beside"].get("undelivered", [])]


def test_a_copy_that_came_back_stands_on_heute_until_it_is_dealt_with(client, centre, manager):
    message = answered(centre, manager)
    assert shown(client) == []
    bounce(message)

    assert shown(client) == [message.pk]
    page = client.get(message.case.get_absolute_url()).content.decode()
    assert "5.1.1 unknown" in page
    url = reverse("contacts:delivery_settle", args=[message.case_id, message.pk])
    assert client.post(url).url == f"{message.case.get_absolute_url()}#entry-{message.pk}"

    assert shown(client) == []
    assert OutgoingMail.objects.get(copy_of__isnull=False).state == "bounced"


def test_a_given_up_mail_stands_there_again_when_it_fails_again(client, centre, manager):
    message = answered(centre, manager)
    failed = {"given_up_at": timezone.now(), "settled_at": timezone.now()}
    OutgoingMail.objects.filter(pk=message.mail_id).update(**failed)
    assert shown(client) == []

    try_again(message.mail)
    OutgoingMail.objects.filter(pk=message.mail_id).update(given_up_at=timezone.now())

    assert shown(client) == [message.pk]


def test_it_is_shown_to_the_owner_and_never_of_another_desk(client, centre, manager):
    for message in (
        answered(centre, UserFactory()),
        answered(centre, manager, carrier=CarrierFactory()),
    ):
        bounce(message)

    assert shown(client) == []


@pytest.mark.parametrize("count", [1, 3])
def test_heute_needs_the_same_queries_for_any_number(
    client, centre, manager, django_assert_num_queries, count
):
    for _ in range(count):
        bounce(answered(centre, manager))
    client.get(TODAY)

    with django_assert_num_queries(12):
        assert len(shown(client)) == count


def test_an_entry_of_another_case_is_not_settled(client, centre, manager):
    message, other = answered(centre, manager), answered(centre, manager)
    bounce(other)

    url = reverse("contacts:delivery_settle", args=[message.case_id, other.pk])

    assert client.post(url).status_code == 404
    assert shown(client) == [other.pk]
    assert Message.objects.filter(mail__isnull=False).count() == 2
