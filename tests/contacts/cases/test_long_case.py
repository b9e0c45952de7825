"""A case with two hundred entries is as light as one with thirty."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.cases.page import SHOWN
from contacts.models import Message
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
TEXT = "Der Bauhof sieht sich die Stelle in dieser Woche an. " * 4


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


@pytest.fixture
def case(manager):
    """Two hundred entries, every second an answer that went to two people."""
    centre = manager.mandates.get().centre
    case = CaseFactory(centre=centre, owner=manager, sender_email="laden@example.org")
    for number in range(100):
        MessageFactory(case=case, text=f"Frage {number}: {TEXT}")
        mail = OutgoingMailFactory(
            to=case.sender_email,
            to_header="laden@example.org, amt@example.org",
            sent_at=timezone.now(),
        )
        OutgoingMailFactory(to="amt@example.org", copy_of=mail, sent_at=timezone.now())
        MessageFactory(case=case, kind="outgoing", author=manager, mail=mail, text=TEXT)
    return case


def test_the_page_of_two_hundred_entries_stays_light(client, case, django_assert_num_queries):
    with django_assert_num_queries(12):
        page = client.get(case.get_absolute_url())

    assert len(page.context["entries"]) == SHOWN
    assert len(page.content) < 60_000


def test_older_entries_follow_one_after_the_other_each_once(client, case):
    address, seen = case.get_absolute_url(), []
    while address:
        page = client.get(address)
        seen = [entry.pk for entry in page.context["entries"]] + seen
        address = page.context["older"]

    assert seen == list(case.messages.order_by("pk").values_list("pk", flat=True))


def test_one_kind_of_entries_is_found_however_old(client, case, manager):
    note = MessageFactory(case=case, kind="note", author=manager)
    Message.objects.filter(case=case).exclude(pk=note.pk).update(kind="incoming", author=None)
    OutgoingMail.objects.all().update(given_up_at=None)

    page = client.get(case.get_absolute_url(), {"show": "notes"})

    assert page.context["entries"] == [note]
    assert page.context["older"] == ""


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_a_place_to_begin_that_makes_no_sense_is_the_newest(client, case, before):
    page = client.get(case.get_absolute_url(), {"before": before})

    assert page.status_code == 200
    assert page.context["before"] is None


def test_the_link_to_older_entries_works_with_and_without_scripts(client, case):
    page = client.get(case.get_absolute_url())

    [(href, loaded)] = re.findall(
        r'href="([^"]*)#timeline" hx-get="([^"]*)"', page.content.decode()
    )
    assert href == loaded == page.context["older"].replace("&", "&amp;")
    assert reverse("contacts:case_detail", args=[case.pk]) in href
