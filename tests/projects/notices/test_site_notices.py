"""Site notices: where, told to whom, each once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actors.directory.timeline import entries_of
from projects.models import SiteNotice, SiteNoticeRecipient
from projects.notices import services, telling
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, AddressFactory, EmailAddressFactory
from tests.factories.office import CentreFactory
from tests.factories.projects import ProjectFactory, SiteNoticeFactory
from tests.projects.bad_input import DAYS, TEXTS
from tests.projects.notices.test_areas import SQUARE
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
INSIDE = {"latitude": 52.5305, "longitude": 13.3407}
OUTSIDE = {"latitude": 52.54, "longitude": 13.36}
CROSSED = "52.530 13.340\n52.531 13.341\n52.530 13.341\n52.531 13.340"


def url(name, notice):
    return reverse(f"projects:site_notice_{name}", args=[notice.project_id, notice.pk])


def create_url(project):
    return reverse("projects:site_notice_create", args=[project.pk])


def form(**changes):
    return {
        "title": "Pflasterarbeiten",
        "text": "Der Gehweg ist gesperrt.",
        "starts_on": "2027-03-01",
        "ends_on": "2027-03-12",
        "contact": "Frau Muster, 030 123",
        "corners": SQUARE,
        "buffer": "50",
        "is_public": "on",
        **changes,
    }


@pytest.fixture
def project(sign_in):
    centre = CentreFactory(latitude=52.53, longitude=13.34)
    manager = sign_in(Role.MANAGER, centre=centre)
    return ProjectFactory(centre=centre, lead=manager, is_public=True)


@pytest.fixture
def notice(project):
    return SiteNoticeFactory(project=project)


def neighbour(project, name, email="", street="Markt 1", **place):
    """An actor by the site who can be told by mail, by letter, or in neither way."""
    actor = ActorFactory(name=name, centre=project.centre)
    AddressFactory(actor=actor, street=street, postcode="10551", **(place or INSIDE))
    if email:
        EmailAddressFactory(actor=actor, email=email)
    return actor


# --- writing ------------------------------------------------------------------------------------


def test_notice_is_drawn_saved_and_shows_who_is_around(client, project):
    neighbour(project, "Drin")
    neighbour(project, "Draußen", **OUTSIDE)

    answer = client.post(create_url(project), form())
    notice = SiteNotice.objects.get()
    page = client.get(answer.url)

    assert answer.url == notice.get_absolute_url()
    assert [one.actor.name for one in page.context["neighbours"]] == ["Drin"]
    assert not OutgoingMail.objects.exists()
    assert [f["properties"]["name"] for f in client.get(url("points", notice)).json()["features"]]
    area = client.get(url("area", notice)).json()["features"][0]["geometry"]
    assert area == notice.area


def test_the_same_without_a_map_around_an_address(client, project):
    neighbour(project, "Laden", street="Lindenstraße 12")
    fields = form(corners="", around="Lindenstrasse 12", radius="30", buffer="0")

    client.post(create_url(project), fields)

    assert [one.actor.name for one in telling.neighbours(SiteNotice.objects.get())] == ["Laden"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"corners": CROSSED}, "corners"),
        ({"corners": ""}, "corners"),
        ({"corners": "Markt 1\nMarkt 2\nMarkt 3"}, "corners"),
        ({"corners": TEXTS["ten megabytes"]}, "corners"),
        ({"corners": TEXTS["null byte"]}, "corners"),
        ({"around": "Markt 1", "radius": "50"}, "around"),  # both
        ({"corners": "", "around": "Nirgendwo 5", "radius": "50"}, "around"),
        ({"corners": "", "around": "52.53 13.34"}, "around"),  # no radius
        ({"corners": "", "around": "52.53 13.34", "radius": "0"}, "radius"),
        ({"corners": "", "around": "52.53 13.34", "radius": "99999"}, "radius"),
        ({"corners": "13.34 52.53\n13.34 52.54\n13.35 52.54"}, "__all__"),  # swapped
        ({"buffer": "501"}, "buffer"),
        ({"buffer": "-1"}, "buffer"),
        ({"ends_on": "2027-02-01"}, "__all__"),
        ({"text": TEXTS["ten megabytes"]}, "text"),
        ({"title": TEXTS["null byte"]}, "title"),
        ({"contact": ""}, "contact"),
        *(({"starts_on": day}, "starts_on") for day in DAYS),
    ],
    ids=lambda value: f"{value!s:.50}",
)
def test_bad_input_is_explained_and_kept(client, project, changes, wrong):
    page = client.post(create_url(project), form(**changes))

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [wrong]
    assert not SiteNotice.objects.exists()
    assert "Frau Muster" in page.content.decode() or "contact" in changes


def test_an_area_that_crosses_itself_is_refused_in_words(client, project):
    page = client.post(create_url(project), form(corners=CROSSED)).content.decode()

    assert "Der Umriss kreuzt oder berührt sich selbst." in page
    assert "52.531 13.341" in page


def test_notice_is_changed_until_somebody_was_told(client, notice):
    client.post(url("update", notice), form(title="Kanalarbeiten"))
    notice.refresh_from_db()
    services.tell(notice, by=notice.project.lead)

    answer = client.post(url("update", notice), form(title="Anders"))

    assert answer.url == notice.get_absolute_url()
    with pytest.raises(ValidationError):
        services.save_notice(notice, by=notice.project.lead)
    notice.refresh_from_db()
    assert notice.title == "Kanalarbeiten"


# --- telling ------------------------------------------------------------------------------------


def test_each_neighbour_is_told_once_by_mail_or_letter_and_it_is_logged(client, notice):
    project = notice.project
    shop = neighbour(project, "Laden", "laden@example.org")
    branch = neighbour(project, "Filiale", "Laden@example.org")
    owner = neighbour(project, "Eigentümerin")
    nobody = neighbour(project, "Unerreichbar", street="")

    first, second = (client.post(url("tell", notice)) for _ in range(2))
    late = neighbour(project, "Später", "neu@example.org")
    client.post(url("tell", notice))

    assert first.url == second.url == notice.get_absolute_url()
    told = dict(SiteNoticeRecipient.objects.values_list("actor", "way"))
    assert told == {shop.pk: "mail", branch.pk: "mail", owner.pk: "letter", late.pk: "mail"}
    assert nobody.pk not in told
    mails = OutgoingMail.objects.order_by("pk")
    assert sorted(mail.to.lower() for mail in mails) == ["laden@example.org", "neu@example.org"]
    assert "Der Gehweg ist gesperrt." in mails[0].text
    assert project.get_public_url() in mails[0].text
    history = [entry.text for entry in entries_of(owner, project.lead, kind="site_notice")]
    assert history == [notice.title]
    assert "4 Akteure benachrichtigt" in client.get(project.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_tell_each_neighbour_once(monkeypatch):
    notice = SiteNoticeFactory()
    neighbour(notice.project, "Laden", "laden@example.org")
    neighbour(notice.project, "Brief")
    meet_before(monkeypatch, telling, "write_mails")

    results = run_at_once(lambda: services.tell(notice, by=notice.project.lead), times=2)

    assert sorted(map(str, results)) == ["0", "2"]
    assert (SiteNoticeRecipient.objects.count(), OutgoingMail.objects.count()) == (2, 1)


def test_letters_go_to_those_told_by_letter(client, notice):
    none = client.get(url("letters", notice))
    neighbour(notice.project, "Eigentümerin", street="Lindenstraße 12")
    neighbour(notice.project, "Laden", "laden@example.org")
    services.tell(notice, by=notice.project.lead)

    answer = client.get(url("letters", notice))

    assert none.url == notice.get_absolute_url()
    data = telling.sheet(notice)
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert [lines[:2] for lines in data["addresses"]] == [["Eigentümerin", "Lindenstraße 12"]]
    assert (data["text"], notice.contact in data["ask"]) == (notice.text, True)


def test_archived_actors_and_those_of_another_centre_are_not_told(notice):
    archived = neighbour(notice.project, "Weg", "weg@example.org")
    archived.archived_at = timezone.now()
    archived.save()
    other = ProjectFactory()
    neighbour(other, "Fremd", "fremd@example.org")

    assert services.tell(notice, by=notice.project.lead) == 0


def test_too_many_neighbours_are_refused(client, notice, monkeypatch):
    monkeypatch.setattr(services, "MOST_RECIPIENTS", 1)
    for number in range(2):
        neighbour(notice.project, f"Laden {number}")

    page = client.post(url("tell", notice), follow=True).content.decode()

    assert "kleineres Gebiet" in page
    assert not SiteNoticeRecipient.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_number(
    client, notice, django_assert_num_queries, count
):
    for number in range(count):
        neighbour(notice.project, f"Laden {number}", f"laden{number}@example.org")
        neighbour(notice.project, f"Brief {number}")
    services.tell(notice, by=notice.project.lead)

    with django_assert_num_queries(14):
        client.get(notice.get_absolute_url())


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER])
def test_only_who_leads_the_desk_writes_and_tells(client, sign_in, role):
    notice = SiteNoticeFactory()
    sign_in(role, centre=notice.project.centre)

    names = ("update", "tell", "letters", "points", "area", "detail")
    answers = {client.post(url(name, notice)).status_code for name in names}
    answers |= {client.get(url(name, notice)).status_code for name in names}

    assert answers == {403}


def test_public_areas_are_those_of_public_notices_that_last(client):
    project = ProjectFactory(is_public=True)
    today = timezone.localdate()
    SiteNoticeFactory(project=project, title="jetzt", starts_on=today, ends_on=today)
    yesterday = today - timedelta(1)
    SiteNoticeFactory(project=project, title="vorbei", starts_on=yesterday, ends_on=yesterday)
    SiteNoticeFactory(project=project, title="intern", is_public=False)
    address = reverse("projects:project_public_areas", args=[project.reference])

    shown = [f["properties"]["name"] for f in client.get(address).json()["features"]]
    project.is_public = False
    project.save()

    assert shown == ["jetzt"]
    assert client.get(address).status_code == 404
