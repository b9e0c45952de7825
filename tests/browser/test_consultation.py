"""The desk asks another office, which answers on a phone; only the desk reads it."""

import re

import pytest
from django.utils import timezone

from contacts.cases.links import status_path
from contacts.models import Case, Consultation
from tests.browser.pressing import press
from zentrum.accounts.roles import Role
from zentrum.local.demo.building import build_demo
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS = {role: email for email, _name, role in PEOPLE}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
OFFICE = "bauamt@birkenfurt.example"


@pytest.fixture
def case():
    build_demo(timezone.localdate())
    Absence.objects.all().delete()
    manager = Case.objects.filter(owner__email=EMAILS[Role.MANAGER], state=Case.State.OPEN)
    return manager.filter(consultations=None).order_by("pk")[0]


def test_office_answers_on_a_phone_and_the_desk_reads_it(case, open_browser, as_person):
    desk = as_person(EMAILS[Role.MANAGER], PASSWORD)

    ask(desk, case)
    phone = open_browser(**PHONE)
    answer(phone, link_of_the_mail())
    read(desk, case)

    phone.goto(status_path(case))
    assert "Gehweg" not in phone.locator("main").inner_text()


def ask(desk, case):
    desk.goto(case.get_absolute_url())
    press(desk, desk.get_by_role("link", name="Andere Stelle fragen"))
    desk.locator("[name=ask-recipient]").fill("Bauamt Birkenfurt")
    desk.locator("[name=ask-email]").fill(OFFICE)
    desk.locator("[name=ask-subject]").fill("Breite des Gehwegs")
    desk.locator("[name=ask-text]").fill("Wie breit muss der Gehweg bleiben?")
    press(desk, desk.get_by_role("button", name="Rückfrage senden"))
    assert Consultation.objects.get(email=OFFICE).holds_case
    assert "Bauamt Birkenfurt" in desk.locator("main").inner_text()


def link_of_the_mail():
    text = OutgoingMail.objects.get(to=OFFICE).text
    return next(url for url in re.findall(r"https?://\S+", text) if "/rueckfrage/" in url)


def answer(phone, url):
    phone.goto(url)
    assert "Wie breit muss der Gehweg bleiben?" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator("textarea").fill("Der Gehweg muss 1,50 Meter breit bleiben.")
    sketch = {"name": "skizze.txt", "mimeType": "text/plain", "buffer": b"Skizze"}
    phone.locator("input[type=file]").set_input_files(sketch)
    press(phone, phone.get_by_role("button", name="Antwort senden"))
    assert "angekommen" in phone.locator("main").inner_text()


def read(desk, case):
    desk.goto("/heute/")
    press(desk, desk.get_by_role("link", name=case.subject).first)
    shown = desk.locator("main").inner_text()
    assert "Der Gehweg muss 1,50 Meter breit bleiben." in shown
    assert "skizze.txt" in shown
    case.refresh_from_db()
    assert (case.state, case.read_at) == (Case.State.OPEN, None)
