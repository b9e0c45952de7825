"""A round on a phone that loses its net: nothing that was typed is lost, nothing is saved twice."""

import pytest
from django.utils import timezone

from actors.care.services import plan_round
from actors.models import Visit
from tests.factories.actors import ActorFactory, AddressFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
NOTE = "Möchte eine Bank vor dem Laden."


@pytest.fixture
def walk(as_person):
    """A page with the round of today and its only stop, on the phone of who walks it."""
    centre = CentreFactory(latitude=52.52, longitude=13.34)
    person = UserFactory(email="rundgang@example.org")
    person.set_password("unterwegs-im-zentrum")
    person.save()
    MandateFactory(user=person, centre=centre)
    actor = ActorFactory(centre=centre, name="Café Kranz")
    AddressFactory(actor=actor, latitude=52.521, longitude=13.341)
    row = plan_round([actor], user=person, on=timezone.localdate())

    page = as_person("rundgang@example.org", "unterwegs-im-zentrum", **PHONE)
    page.goto(row.get_absolute_url())
    return page


def write(page):
    page.locator("[data-visit] textarea").fill(NOTE)
    page.locator("[data-visit] button").click()


def wait_until(page, word):
    """Until the stop says what the list has for this case, in whatever language."""
    text = page.locator("[data-visits]").get_attribute(word)
    page.locator("[data-visit-status]", has_text=text).wait_for()


def saved():
    return list(Visit.objects.done().values_list("text", flat=True))


def test_note_written_without_a_net_is_saved_once_when_it_comes_back(walk):
    walk.context.set_offline(True)
    write(walk)
    wait_until(walk, "data-offline")
    assert saved() == []

    walk.context.set_offline(False)
    wait_until(walk, "data-saved")

    assert saved() == [NOTE]
    assert walk.evaluate("localStorage.length") == 0
    assert walk.locator("[data-visits-made]").inner_text() == "1"


def test_note_survives_a_page_that_is_loaded_again_and_is_sent_by_itself(walk):
    walk.context.set_offline(True)
    write(walk)
    wait_until(walk, "data-offline")
    context, address = walk.context, walk.url
    walk.close()  # the phone has put the page away: it can send nothing any more
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    wait_until(again, "data-saved")

    assert saved() == [NOTE]
    assert Visit.objects.count() == 1


def test_what_was_typed_but_not_sent_stands_there_again(walk):
    walk.locator("[data-visit] textarea").fill(NOTE)

    walk.reload()

    assert walk.locator("[data-visit] textarea").input_value() == NOTE
    assert saved() == []


def test_visit_is_saved_without_scripts_too(walk):
    state = walk.context.storage_state()
    context = walk.context.browser.new_context(
        base_url=walk.url, storage_state=state, java_script_enabled=False
    )
    plain = context.new_page()
    plain.goto(walk.url)
    write(plain)
    plain.locator("[data-visits-made]", has_text="1").wait_for()
    context.close()

    assert saved() == [NOTE]
