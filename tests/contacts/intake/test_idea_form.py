import re

import pytest
from django.urls import reverse

from contacts.intake import keys
from contacts.intake.models import Submission
from contacts.models import Case, Message
from tests.factories.office import CentreFactory, MandateFactory
from uuid import uuid4

URL = reverse("contacts:idea_submit")
ENTRIES = {
    "title": "Bänke am Marktplatz",
    "text": "Ältere Leute können sich nirgends ausruhen.",
    "place": "Markt 1",
    "position_0": "",
    "position_1": "",
    "name": "Ayşe Öztürk",
    "email": "ayse@example.org",
    "phone": "",
    "extra_subject": "",
}


@pytest.fixture
def desk(db):
    return MandateFactory(user__name="Petra Berg", centre=CentreFactory())


@pytest.fixture
def patient(monkeypatch):
    """The visitor takes their time."""
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", -1)


def entries(**changes):
    return ENTRIES | {"form_key": keys.sign(uuid4())} | changes


def test_form_shows_four_questions_without_a_single_write(client, desk):
    page = client.get(URL)

    assert page.status_code == 200
    assert re.findall(r'<legend class="kern-heading-medium">([^<]+)<', page.content.decode())
    assert Submission.objects.count() == 0


def test_idea_becomes_a_case_with_owner_and_promised_date(client, desk, patient):
    done = client.post(URL, entries(), follow=True)

    case = Case.objects.get()
    assert done.status_code == 200
    assert (case.subject, case.owner, case.sender_email) == (
        "Bänke am Marktplatz",
        desk.user,
        "ayse@example.org",
    )
    assert case.reference in done.content.decode()
    assert case.code in done.content.decode()
    assert [m.kind for m in case.messages.all()] == ["incoming", "event"]
