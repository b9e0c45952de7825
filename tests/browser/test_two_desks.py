"""Two people at their own browsers have the same case open."""

import pytest
from django.utils import timezone

from contacts.models import Case, Message
from tests.browser.pressing import press
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def case(centre):
    place = {"centre": centre, "carrier": centre.carrier}
    owner = person("Anna Alt", Role.MANAGER, place)
    person("Ben Neu", Role.DEPUTY, place)
    days = timezone.timedelta(days=30)
    sender = {"sender_email": "laden@example.org", "reply_by": timezone.localdate() + days}
    return CaseFactory(owner=owner, subject="Bank vor dem Laden", **sender, **place)


def person(name, role, place):
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@example.org")
    user.set_password("birkenfurt")
    user.save()
    MandateFactory(user=user, role=role, **place)
    return user


def answer(page, text):
    page.get_by_label("Antwort", exact=True).fill(text)
    page.get_by_label("Offen lassen").check()
    press(page, page.get_by_role("button", name="Antwort senden"))


def test_both_see_each_other_and_the_slower_one_loses_nothing(as_person, case):
    anna = as_person("anna@example.org", "birkenfurt")
    ben = as_person("ben@example.org", "birkenfurt")
    with anna.expect_response(lambda response: "/dabei/" in response.url):
        anna.goto(case.get_absolute_url())

    ben.goto(case.get_absolute_url())
    ben.get_by_text("Anna Alt arbeitet gerade auch an diesem Vorgang.").wait_for()
    ben.goto("/anlaufstelle/")
    ben.get_by_text("in Arbeit: Anna Alt").wait_for()
    ben.goto(case.get_absolute_url())

    answer(anna, "Die Bank kommt im Mai.")
    answer(ben, "Das prüft der Bauhof.")

    assert "Das prüft der Bauhof." in ben.locator("#mine").inner_text()
    assert "Die Bank kommt im Mai." in ben.locator("#theirs").inner_text()
    assert ben.get_by_label("Antwort", exact=True).input_value() == "Das prüft der Bauhof."
    assert Message.objects.filter(kind="outgoing").count() == 1

    press(ben, ben.get_by_role("button", name="Antwort senden"))

    texts = Message.objects.filter(kind="outgoing").order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["Die Bank kommt im Mai.", "Das prüft der Bauhof."]
    assert Case.objects.get().version > case.version
