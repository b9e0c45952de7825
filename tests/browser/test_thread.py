"""One thread from three similar ideas to a proven result, through all doors and on real parts.

Three retailers want the same, two of them join the first one. The desk thinks it through, accepts
it and makes a project of it, with a milestone, a building site whose neighbours are told, money
from two sources and an indicator that is reached. The city sees it.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from actors.models import Actor
from contacts.intake import suspicion
from contacts.models import Case
from projects.models import Booking, Indicator, Project, SiteNotice
from tests.browser.pressing import link, press, step
from zentrum.accounts.roles import Role
from zentrum.local.demo.building import build_demo
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.office.models import Absence, Centre

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS = {role: email for email, _name, role in PEOPLE}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FIRST, SECOND, THIRD = (f"{name}@laden.example" for name in ("anna", "bilal", "chris"))
NEAR, FAR = "nah@nachbar.example", "fern@nachbar.example"
TITLE = "Schließfächer für Einkäufe am Markt"
TEXT = "Wer bei uns einkauft, will die Taschen abstellen und weiter bummeln."


@pytest.fixture
def town(tmp_path, monkeypatch):
    """The demo town, and two shops with a known mailbox: in the middle and three km away."""
    monkeypatch.setattr(suspicion, "FASTEST_SECONDS", 0)  # a test types faster than people do
    build_demo(timezone.localdate())
    Absence.objects.all().delete()
    centre = Centre.objects.get(slug="altstadt")
    file = tmp_path / "verein.csv"
    file.write_text(
        "id;name;street;zip_code;lat;lon;category;email\n"
        f"k1;Nahkauf Nagel;Marktgasse 1;14900;{centre.latitude};{centre.longitude};shop;{NEAR}\n"
        f"k2;Fernhof Falk;Landweg 9;14900;{centre.latitude + 0.03};{centre.longitude};shop;{FAR}\n"
    )
    call_command("import_actors", str(file), source="verein", centre="altstadt")


def test_three_similar_ideas_become_a_proven_result(
    town, start_worker, mails, open_browser, as_person, sink
):
    start_worker(app="tests.jobs.always_open")
    phone = open_browser(**PHONE)
    desk = as_person(EMAILS[Role.MANAGER], PASSWORD)

    hand_in(phone, FIRST, TITLE)
    confirm(phone, FIRST, mails)
    idea = adopt_and_release(desk)
    join(phone, SECOND, "Schliessfächer am Marktplatz", idea)  # another spelling
    confirm(phone, SECOND, mails)
    join(phone, THIRD, "Einkaufsschließfächer in der Altstadt", idea)  # a compound
    confirm(phone, THIRD, mails)
    followers = {FIRST, SECOND, THIRD}
    assert set(idea.followers.values_list("email", flat=True)) == followers

    think_it_through(desk, idea)
    step(desk, idea, "in_review")
    step(desk, idea, "accepted")
    for address in followers:
        assert "Das sehen wir uns an." in mails(address, "angenommen")
    project = start_project(desk, idea)
    for address in followers:
        assert TITLE in mails(address, "Projekt angelegt")
    plan_a_milestone(desk, project)
    tell_the_neighbours(desk, project, mails)
    assert not [mail for mail in sink.messages if mail["To"] == FAR]
    book_the_money(desk, project)
    reach_an_indicator(desk, project)
    look_as_the_city(as_person(EMAILS[Role.CITY], PASSWORD), project)
    look_as_a_visitor(phone, project)


def fill_in(phone, address, title):
    phone.goto("/idee-einreichen/")
    phone.locator("[name=title]").fill(title)
    phone.locator("[name=text]").fill(TEXT)
    phone.locator("[name=centre]").select_option(label="Altstadt")
    phone.locator("[name=name]").fill(address.split("@")[0].title())
    phone.locator("[name=email]").fill(address)
    press(phone, phone.locator("main form:has([name=title]) [type=submit]"))


def hand_in(phone, address, title):
    fill_in(phone, address, title)
    assert "/danke/" in phone.url


def join(phone, address, title, idea):
    fill_in(phone, address, title)
    assert "/danke/" not in phone.url
    press(phone, phone.locator(f"button[name=join][value='{idea.reference}']"))
    assert "/danke/" in phone.url
    assert Case.objects.get(sender_email=address).idea == idea


def confirm(phone, address, mails):
    case = Case.objects.get(sender_email=address)
    phone.goto(link(mails(address, f"[{case.reference}]"), "/bestaetigen/"))
    press(phone, phone.locator("main form button"))


def adopt_and_release(desk):
    case = Case.objects.get(sender_email=FIRST)
    desk.goto(case.get_absolute_url())
    desk.locator("#step-adopt summary").click()
    press(desk, desk.locator("form[action$='/idee/'] button"))
    idea = Case.objects.get(pk=case.pk).idea
    desk.goto(f"{idea.get_absolute_url()}freigeben/")
    press(desk, desk.locator("main form:has([name=public_text]) .kern-btn--primary"))
    idea.refresh_from_db()
    assert idea.released_at is not None
    return idea


def think_it_through(desk, idea):
    desk.goto(f"{idea.get_absolute_url()}arbeitsblatt/bearbeiten/")
    form = desk.locator("main form:has([name=benefit])")
    form.locator("[name=benefit]").fill("Leute bleiben länger und kaufen mehr.")
    form.locator("[name=cost]").fill("8000")
    form.locator("[name=next_step]").fill("Angebote von zwei Herstellern holen.")
    press(desk, form.locator(".kern-btn--primary"))
    assert "Angebote von zwei Herstellern" in desk.locator("main").inner_text()


def start_project(desk, idea):
    desk.goto(idea.get_absolute_url())
    press(desk, desk.locator(f"a[href$='/projektverwaltung/neu/?idea={idea.pk}']"))
    form = desk.locator("main form:has([name=summary])")
    form.locator("[name=title]").fill(TITLE)
    form.locator("[name=summary]").fill("Zwanzig Fächer an der Westseite des Marktes.")
    form.locator("[name=field_of_action]").select_option(index=3)
    form.locator("[name=starts_on]").fill(timezone.localdate().isoformat())
    form.locator("[name=is_public]").check()
    press(desk, form.locator(".kern-btn--primary"))
    project = Project.objects.get(title=TITLE)
    assert list(project.origins.all()) == [idea]
    return project


def plan_a_milestone(desk, project):
    desk.goto(f"{project.get_absolute_url()}meilensteine/neu/")
    form = desk.locator("main form:has([name=planned_on])")
    form.locator("[name=title]").fill("Die Fächer stehen")
    form.locator("[name=planned_on]").fill(in_days(60))
    press(desk, form.locator(".kern-btn--primary"))
    desk.goto(f"{project.get_absolute_url()}zeitplan/")
    assert "Die Fächer stehen" in desk.locator("main").inner_text()


def tell_the_neighbours(desk, project, mails):
    """The area is drawn by clicks around the middle of the map, where the one shop lies."""
    desk.goto(f"{project.get_absolute_url()}baustellen/neu/")
    form = desk.locator("main form:has([name=contact])")
    form.locator("[name=title]").fill("Die Fächer werden aufgestellt")
    form.locator("[name=text]").fill("Zwei Tage steht ein Lastwagen vor den Läden.")
    form.locator("[name=starts_on]").fill(in_days(20))
    form.locator("[name=ends_on]").fill(in_days(22))
    form.locator("[name=contact]").fill("Bauamt, Frau Stein, 03375 1234")
    draw_a_square(desk.locator(".map__canvas"))
    form.locator("[name=buffer]").fill("10")
    form.locator("[name=is_public]").check()
    press(desk, form.locator(".kern-btn--primary"))
    assert "Nahkauf Nagel" in desk.locator("main").inner_text()
    assert "Fernhof Falk" not in desk.locator("main").inner_text()
    press(desk, desk.locator("form[action$='/mitteilen/'] button"))
    assert "Lastwagen" in mails(NEAR, "Die Fächer werden aufgestellt")
    assert SiteNotice.objects.get(project=project).told_at is not None
    desk.goto(Actor.objects.get(name="Nahkauf Nagel").get_absolute_url())
    assert "Die Fächer werden aufgestellt" in desk.locator("main").inner_text()


def draw_a_square(canvas):
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y, half = box["width"] / 2, box["height"] / 2, 60
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    for number, (right, down) in enumerate(corners, start=1):
        canvas.click(position={"x": x + right, "y": y + down})
        canvas.page.get_by_text(f"Ecken: {number}").wait_for()


def book_the_money(desk, project):
    for kind, source, amount in (
        ("planned", "federal", "6.000,00"),
        ("planned", "private", "2.000,50"),
        ("committed", "federal", "6.000,00"),
        ("paid", "federal", "5.999,99"),
        ("paid", "private", "2.000,50"),
    ):
        desk.goto(f"{project.get_absolute_url()}finanzen/neu/")
        form = desk.locator("main form:has([name=amount])")
        form.locator("[name=kind]").select_option(kind)
        form.locator("[name=source]").select_option(source)
        form.locator("[name=amount]").fill(amount)
        press(desk, form.locator(".kern-btn--primary"))
    assert Booking.objects.filter(project=project).count() == 5
    desk.goto(f"{project.get_absolute_url()}finanzen/")
    assert "8.000,49" in desk.locator("main").inner_text()  # paid, to the cent


def reach_an_indicator(desk, project):
    goal = Indicator.objects.order_by("pk").first().goal
    desk.goto(f"{project.get_absolute_url()}ziele/")
    desk.locator(f"main form [name=goals][value='{goal.pk}']").check()
    press(desk, desk.locator("main form:has([name=goals]) .kern-btn--primary"))
    assert list(project.goals.all()) == [goal]
    desk.goto(f"/programm/ziele/{goal.pk}/indikatoren/neu/")
    form = desk.locator("main form:has([name=unit])")
    for name, value in {
        "name": "Abgestellte Taschen am Tag",
        "unit": "Taschen",
        "baseline_value": "0",
        "baseline_on": in_days(-30),
        "target_value": "50",
        "target_on": in_days(300),
    }.items():
        form.locator(f"[name={name}]").fill(value)
    press(desk, form.locator(".kern-btn--primary"))
    indicator = Indicator.objects.get(name="Abgestellte Taschen am Tag")
    desk.goto(f"/programm/indikatoren/{indicator.pk}/werte/neu/")
    form = desk.locator("main form:has([name=provider])")
    form.locator("[name=value]").fill("62")
    form.locator("[name=provider]").fill("Zentrenmanagement")
    form.locator("[name=source]").fill("Zählwerk der Fächer")
    press(desk, form.locator(".kern-btn--primary"))
    assert "erreicht" in desk.locator("main").inner_text()


def look_as_the_city(city, project):
    city.goto("/uebersicht/")
    press(city, city.locator("section:has(#indicators-title) a[href*='state=reached']").first)
    assert "Abgestellte Taschen am Tag" in city.locator("main").inner_text()
    city.goto(project.get_absolute_url())
    seen = city.locator("main").inner_text()
    assert "Die Fächer stehen" in seen
    assert "Anna" not in seen
    city.goto(f"{project.get_absolute_url()}finanzen/")
    assert "8.000,49" in city.locator("main").inner_text()


def look_as_a_visitor(phone, project):
    phone.goto(project.get_public_url())
    seen = phone.locator("main").inner_text()
    assert "Zwanzig Fächer" in seen
    assert "Frau Stein" in seen  # whom to ask about the building site
    assert "8.000,49" not in seen


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()
