"""The main job through all three doors, with a real browser, worker, mail server and Redis.

A retailer on the phone hands in an idea, the manager answers and makes a project of it, the clock
reminds, the city sees the progress.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from actors.models import Actor
from contacts.followups.preferences import ReminderSettings
from contacts.followups.ticking import tick
from contacts.intake import suspicion
from contacts.models import Case
from projects.models import Project
from tests.browser.pressing import link, press, step
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.local.demo.building import build_demo
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.office.models import Absence
from zentrum.office.working_time import OfficeCalendar

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS = {role: email for email, _name, role in PEOPLE}
SHOP = "inhaberin@kramladen.example"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def town(tmp_path, monkeypatch):
    """The demo town and one imported shop."""
    monkeypatch.setattr(suspicion, "FASTEST_SECONDS", 0)  # a test types faster than people do
    build_demo(timezone.localdate())
    Absence.objects.all().delete()
    manager = User.objects.get(email=EMAILS[Role.MANAGER])
    ReminderSettings.objects.create(user=manager, wants_single=True)
    file = tmp_path / "verein.csv"
    file.write_text(
        "id;name;street;zip_code;lat;lon;category;email\n"
        f"k1;Kramladen Krause;Torgasse 12;14900;52.0908;13.1667;shop;{SHOP}\n"
    )
    call_command("import_actors", str(file), source="verein", centre="altstadt")


def test_an_idea_becomes_a_project_that_the_city_sees(
    town, start_worker, mails, open_browser, as_person, monkeypatch
):
    start_worker(app="tests.jobs.always_open")
    phone = open_browser(**PHONE)

    reference = hand_in(phone)
    confirm(phone, mails(SHOP, f"[{reference}] Ihre Nachricht ist eingegangen"))
    desk = as_person(EMAILS[Role.MANAGER], PASSWORD)
    answer_and_adopt(desk, reference)
    assert "Wir prüfen das gern" in mails(SHOP, f"[{reference}] Sitzkissen für die Stufen")
    reply_on_the_status_page(phone, reference)
    start_project(desk, reference)
    assert "Sitzkissen am Rathaus" in mails(SHOP, "Projekt angelegt")
    assert "zehn Kissen" in mails(SHOP, "Neues vom Projekt „Sitzkissen am Rathaus“")
    for question in ("is_open", "is_working_day"):  # whatever day it is; the worker agrees
        monkeypatch.setattr(OfficeCalendar, question, lambda self, day: True)
    monkeypatch.setattr(OfficeCalendar, "next_opening", lambda self, moment: moment)
    remind(reference, mails)
    monkeypatch.undo()
    look_at_the_dashboard(as_person(EMAILS[Role.CITY], PASSWORD))


def hand_in(phone):
    phone.goto("/")
    press(phone, phone.get_by_role("link", name="Idee einreichen").first)
    phone.locator("[name=title]").fill("Sitzkissen für die Stufen am Rathaus")
    phone.locator("[name=text]").fill(
        "Auf den Stufen sitzen mittags viele Leute. Kissen wären schön."
    )
    phone.locator("[name=centre]").select_option(label="Altstadt")
    phone.locator("[name=place]").fill("Marktplatz 1")
    phone.locator("[name=name]").fill("Käthe Krause")
    phone.locator("[name=email]").fill(SHOP)
    press(phone, phone.locator("main form:has([name=title]) [type=submit]"))
    assert "/danke/" in phone.url
    case = Case.objects.get(sender_email=SHOP)
    assert case.reference in phone.locator("main").inner_text()
    return case.reference


def confirm(phone, receipt):
    phone.goto(link(receipt, "/bestaetigen/"))
    press(phone, phone.locator("main form button"))
    assert Case.objects.get(sender_email=SHOP).email_confirmed_at is not None


def answer_and_adopt(desk, reference):
    desk.goto("/heute/")
    press(desk, desk.get_by_role("link", name="Sitzkissen für die Stufen am Rathaus").first)
    press(desk, desk.locator("form[action$='/akteur/'] button").first)  # the address is known
    assert Case.objects.get(reference=reference).actor == Actor.objects.get(name="Kramladen Krause")
    form = desk.locator("form[action$='/antwort/']")
    form.locator("textarea").fill("Liebe Frau Krause, danke! Wir prüfen das gern.")
    form.get_by_label("offen").check()
    press(desk, form.locator("button.kern-btn--primary"))
    desk.locator("#step-adopt summary").click()
    press(desk, desk.locator("form[action$='/idee/'] button"))
    assert Case.objects.get(reference=reference).idea is not None


def reply_on_the_status_page(phone, reference):
    case = Case.objects.get(reference=reference)
    phone.goto("/status/")
    phone.locator("[name=reference]").fill(reference.lower())
    phone.locator("[name=code]").fill(case.code)
    press(phone, phone.locator("main form:has([name=code]) button"))
    assert "Wir prüfen das gern" in phone.locator("main").inner_text()
    phone.locator("textarea").fill("Das freut mich!")
    press(phone, phone.locator("main form:has(textarea) button").last)
    assert case.messages.filter(text="Das freut mich!").count() == 1


def start_project(desk, reference):
    idea = Case.objects.get(reference=reference).idea
    step(desk, idea, "in_review")
    step(desk, idea, "accepted")
    press(desk, desk.locator(f"a[href$='/projektverwaltung/neu/?idea={idea.pk}']"))
    form = desk.locator("main form:has([name=summary])")
    form.locator("[name=title]").fill("Sitzkissen am Rathaus")
    form.locator("[name=summary]").fill("Wetterfeste Kissen auf den Stufen.")
    form.locator("[name=field_of_action]").select_option(index=3)
    form.locator("[name=starts_on]").fill(timezone.localdate().isoformat())
    form.locator("[name=is_public]").check()
    press(desk, form.locator(".kern-btn--primary"))
    project = Project.objects.get(title="Sitzkissen am Rathaus")
    assert list(project.origins.all()) == [idea]
    press(desk, desk.locator("a[href$='/sachstand/']").first)
    form = desk.locator("main form:has(textarea)")
    form.locator("textarea").fill("Die Polsterei näht die ersten zehn Kissen.")
    press(desk, form.locator(".kern-btn--primary"))
    assert project.progress_notes.count() == 1


def remind(reference, mails):
    """The promised day is here: one tick, one reminder to the owner."""
    today = timezone.localdate()
    Case.objects.filter(reference=reference).update(reply_by=today)
    tick(timezone.now())
    tick(timezone.now() + timedelta(minutes=1))
    mails(EMAILS[Role.MANAGER], f"Antwort heute fällig: {reference}")


def look_at_the_dashboard(city):
    city.goto("/uebersicht/")
    assert "auf Kurs" in city.locator("main").inner_text()
    city.goto("/projektverwaltung/?q=Sitzkissen")
    press(city, city.get_by_role("link", name="Sitzkissen am Rathaus").first)
    assert "Käthe" not in city.locator("main").inner_text()
    assert city.goto("/anlaufstelle/").status == 403
