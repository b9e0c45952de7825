from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.care import dossier, printing
from actors.models import ContactPerson, Handover, Round, Visit
from contacts.models import Message
from projects.models import Idea
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    ContactPersonFactory,
    EmailAddressFactory,
    HandoverFactory,
    PhoneNumberFactory,
    RoundFactory,
    SectorFactory,
    VisitFactory,
)
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory, ParticipantFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def user(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


@pytest.fixture
def actor(centre):
    return ActorFactory(centre=centre, name="Café Kranz")


def colleague(centre, name="Ayla Demirkan"):
    return MandateFactory(centre=centre, role=Role.DESK, user__name=name).user


# --- contact person


def test_contact_person_is_chosen_and_stands_on_the_page_with_its_history(
    client, user, centre, actor
):
    before = ContactPersonFactory(actor=actor, user__name="Vorher Vogel")

    response = client.post(
        reverse("actors:contact_person_set", args=[actor.pk]),
        {"user": colleague(centre).pk, "starts_on": TODAY.isoformat()},
    )

    assert response.url == actor.get_absolute_url()
    assert actor.contact_persons.count() == 2
    box = client.get(response.url).content.decode().split('id="care-of-actor"')[1]
    assert box.index("Ayla Demirkan") < box.index("<details>") < box.index("Vorher Vogel")
    before.refresh_from_db()
    assert before.ends_on == TODAY - timedelta(days=1)


@pytest.mark.parametrize("who", ["elsewhere", "nobody", "text"])
def test_contact_person_of_another_office_cannot_be_chosen(client, user, actor, who):
    value = {"elsewhere": colleague(CentreFactory()).pk, "nobody": "", "text": "\0"}[who]

    response = client.post(
        reverse("actors:contact_person_set", args=[actor.pk]),
        {"user": value, "starts_on": TODAY.isoformat()},
    )

    assert (response.status_code, ContactPerson.objects.count()) == (200, 0)
    assert response.context["form"].errors["user"]


def test_entry_for_tomorrow_is_taken_back(client, user, actor):
    row = ContactPersonFactory(actor=actor, starts_on=TOMORROW)

    for _press in range(2):
        client.post(reverse("actors:contact_person_withdraw", args=[actor.pk, row.pk]))

    assert ContactPerson.objects.count() == 0


# --- hand-over


def send(client, query, **data):
    address = reverse("actors:handover_create") + query
    return client.post(address, {"on": TODAY.isoformat(), "submission": uuid4(), **data})


@pytest.fixture
def street(centre):
    """Two actors of one person, in one street and sector, and one who has nothing of it."""
    old, sector = colleague(centre, "Tobias Falkenrath"), SectorFactory()
    actors = [ActorFactory(centre=centre, name=name) for name in ("Kranz", "Linde", "Mohn")]
    for actor in actors[:2]:
        AddressFactory(actor=actor, street="Turmstraße 1")
        ContactPersonFactory(actor=actor, user=old)
        actor.sectors.add(sector)
    return {"actors": actors, "person": old.pk, "street": "Turmstraße", "sector": sector.pk}


@pytest.mark.parametrize("by", ["person", "street", "sector"])
def test_all_of_a_person_a_street_or_a_sector_are_handed_over(client, user, centre, street, by):
    query, new = f"?{by}={street[by]}", colleague(centre)
    offered = client.get(reverse("actors:handover_create") + query).context["rows"]

    response = send(
        client,
        query,
        to_user=new.pk,
        actors=[actor.pk for actor, is_ticked in offered if is_ticked],
    )

    row = Handover.objects.get()
    assert response.url == row.get_absolute_url()
    assert set(row.actors.all()) == set(street["actors"][:2])
    assert set(new.contact_person_for.values_list("starts_on", flat=True)) == {TODAY}
    assert (row.from_user_id, row.by) == (street["person"] if by == "person" else None, user)


def test_only_ticked_actors_of_the_filter_are_handed_over(client, user, centre, street):
    kranz, _linde, mohn = street["actors"]

    send(client, "?street=Turmstraße", to_user=colleague(centre).pk, actors=[kranz.pk, mohn.pk])

    assert list(Handover.objects.get().actors.all()) == [kranz]


def test_hand_over_pressed_twice_is_one_though_the_filter_finds_nobody_then(
    client, user, centre, street
):
    data = {
        "to_user": colleague(centre).pk,
        "actors": [actor.pk for actor in street["actors"]],
        "submission": uuid4(),
    }

    answers = [send(client, f"?person={street['person']}", **data).url for _press in range(2)]

    assert answers == [Handover.objects.get().get_absolute_url()] * 2


@pytest.mark.parametrize(
    ("query", "ticks", "on"),
    [("?street=Turmstraße", [], TODAY), ("", [1], TODAY), ("?q=Kranz", [1], date(2001, 1, 1))],
)
def test_hand_over_without_actors_or_mandate_explains_and_changes_nothing(
    client, user, centre, street, query, ticks, on
):
    ticked = [street["actors"][0].pk] if ticks else []

    response = send(
        client, query, to_user=colleague(centre).pk, actors=ticked, note="Notiz", on=on.isoformat()
    )

    assert (response.status_code, Handover.objects.count()) == (200, 0)
    assert response.context["form"].non_field_errors()


def test_more_actors_than_can_be_ticked_go_as_a_whole(client, user, centre, monkeypatch, street):
    monkeypatch.setattr("actors.care.views.MOST_TICKS", 1)
    page = client.get(reverse("actors:handover_create") + "?street=Turmstraße")
    assert page.context["rows"] == []

    send(client, "?street=Turmstraße", to_user=colleague(centre).pk, all="1")

    assert Handover.objects.get().actors.count() == 2


def test_actors_of_a_centre_that_the_user_does_not_lead_stay(client, sign_in, centre, street):
    user = sign_in(Role.DESK, centre=centre)
    own = MandateFactory(user=user, role=Role.MANAGER).centre
    query = f"?street=Turmstraße&centre={centre.pk}"

    response = send(client, query, to_user=colleague(own).pk, actors=[street["actors"][0].pk])

    assert (response.status_code, Handover.objects.count()) == (200, 0)


def test_desk_staff_hand_nobody_over(client, sign_in, centre):
    sign_in(Role.DESK, centre=centre)
    row = HandoverFactory(centre=centre)

    assert client.get(reverse("actors:handover_create")).status_code == 403
    assert client.post(reverse("actors:handover_tell", args=[row.pk])).status_code == 403


def test_file_is_for_who_leads_and_for_who_takes_over(client, sign_in, centre):
    user = sign_in(Role.DESK, centre=centre)
    mine, other = HandoverFactory(centre=centre, to_user=user), HandoverFactory(centre=centre)

    for name in ("handover_detail", "handover_download"):
        answers = [
            client.get(reverse(f"actors:{name}", args=[row.pk])).status_code
            for row in (mine, other)
        ]
        assert answers == [200, 404]


def fill(actor):
    """Everything that a hand-over file can say of one actor."""
    AddressFactory(actor=actor)
    PhoneNumberFactory(actor=actor)
    EmailAddressFactory(actor=actor)
    centre = actor.centre
    case = CaseFactory(actor=actor, centre=centre, subject="Bank vor dem Laden")
    MessageFactory(case=case, text="Wann kommt die Bank?")
    MessageFactory(case=case, kind=Message.Kind.NOTE, author=case.owner, text="Nur intern")
    idea = IdeaFactory(centre=centre, title="Mehr Bänke", state=Idea.State.IN_REVIEW)
    CaseFactory(
        actor=actor, centre=centre, idea=idea, state="closed", outcome="adopted",
        closed_at=timezone.now(), subject="Erledigtes",
    )  # fmt: skip
    ParticipantFactory(actor=actor, project=ProjectFactory(centre=centre, title="Platz"))
    done = ProjectFactory(centre=centre, title="Vorbei", phase="completed")
    ParticipantFactory(actor=actor, project=done)
    for days in (1, 2, 900):
        VisitFactory(
            actor=actor, text=f"Besuch {days}", visited_at=timezone.now() - timedelta(days=days)
        )


def test_file_holds_promises_the_last_three_contacts_and_what_is_running(user, centre, actor):
    fill(actor)
    others = {"centre": centre, "carrier": CarrierFactory()}
    idea = IdeaFactory(state=Idea.State.IN_REVIEW, **others)
    foreign = CaseFactory(actor=actor, idea=idea, subject="Fremdes", **others)
    MessageFactory(case=foreign, text="Geheim")
    row = HandoverFactory(centre=centre)
    row.actors.add(actor)

    (file,) = dossier.files_of(row, user)

    assert [promise.title.split(" ", 1)[1] for promise in file.promises] == ["Bank vor dem Laden"]
    assert [contact.text for contact in file.contacts] == [
        "Wann kommt die Bank?",
        "Besuch 1",
        "Besuch 2",
    ]
    assert [idea.title.split(" ", 1)[1] for idea in file.ideas] == ["Mehr Bänke"]
    assert [project.title.split(" ", 1)[1] for project in file.projects] == ["Platz"]


def test_file_takes_the_same_queries_for_one_and_a_hundred_actors(
    user, centre, django_assert_num_queries
):
    user.current_mandates  # noqa: B018 - a page has asked for them before
    for number in (1, 100):
        row = HandoverFactory(centre=centre)
        actors = ActorFactory.create_batch(number, centre=centre)
        row.actors.set(actors)
        for actor in actors[:1]:
            fill(actor)
        for actor in actors[1:]:
            VisitFactory(actor=actor, visited_at=timezone.now())
            CaseFactory(actor=actor, centre=centre)

        with django_assert_num_queries(12):
            files = dossier.files_of(row, user)

        assert len(files) == number


def test_file_page_and_pdf_say_the_same(client, user, centre, actor):
    fill(actor)
    row = HandoverFactory(centre=centre, note="Bitte *bald* besuchen #jetzt")
    row.actors.add(actor)

    page = client.get(row.get_absolute_url()).content.decode()
    answer = client.get(reverse("actors:handover_download", args=[row.pk]))

    sheet = printing.sheet(row, dossier.files_of(row, user))
    (file,) = sheet["files"]
    assert file["name"] == "Café Kranz"
    assert "Bank vor dem Laden" in file["promises"][0]
    assert "27.11.2026" in file["promises"][0]
    assert [text for _day, _title, text in file["contacts"]] == [
        "Wann kommt die Bank?",
        "Besuch 1",
        "Besuch 2",
    ]
    assert sheet["note"] == row.note
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    for text in ("Bank vor dem Laden", "Wann kommt die Bank?", "Mehr Bänke", "Platz", "Besuch 2"):
        assert text in page
    for text in ("Nur intern", "Besuch 900", "Vorbei"):
        assert text not in page


def test_actors_are_told_with_one_press_and_a_second_one_says_so(client, user, centre, actor):
    EmailAddressFactory(actor=actor, email="kranz@example.org")
    silent = ActorFactory(centre=centre, name="Ohne Post")
    new = colleague(centre)
    send(client, "?q=", to_user=new.pk)
    send(client, "?kind=organisation", to_user=new.pk, actors=[actor.pk, silent.pk])
    row = Handover.objects.get()
    page = client.get(row.get_absolute_url())
    assert (page.context["reachable"], page.context["unreachable"]) == (1, [silent])

    for _press in range(2):
        client.post(reverse("actors:handover_tell", args=[row.pk]))

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.centre, mail.carrier) == ("kranz@example.org", centre, centre.carrier)


# --- rounds and visits


@pytest.fixture
def visit(centre, actor, user):
    row = RoundFactory(centre=centre, user=user, on=TODAY)
    return VisitFactory(round=row, actor=actor, user=user, position=1)


def test_round_page_map_and_list_agree(client, user, centre, actor, visit):
    AddressFactory(actor=actor, street="Turmstraße 1", latitude=52.0, longitude=13.0)
    nowhere = VisitFactory(round=visit.round, actor=ActorFactory(centre=centre), position=2)

    page = client.get(visit.round.get_absolute_url())
    points = client.get(reverse("actors:round_geojson", args=[visit.round.pk])).json()

    assert [stop.visit for stop, _form in page.context["stops"]] == [visit, nowhere]
    names = [one["properties"]["name"] for one in points["features"]]
    assert names == ["1. Café Kranz"]


@pytest.mark.parametrize("number", [1, 3])
def test_round_page_takes_the_same_queries_for_one_and_three(
    client, user, centre, number, django_assert_num_queries
):
    row = RoundFactory(centre=centre, user=user)
    for actor in ActorFactory.create_batch(number, centre=centre):
        AddressFactory(actor=actor)
        VisitFactory(round=row, actor=actor)
    client.get(row.get_absolute_url())

    with django_assert_num_queries(7):
        client.get(row.get_absolute_url())


def test_visit_is_saved_with_and_without_script(client, user, visit):
    address = reverse("actors:visit_save", args=[visit.pk])

    answer = client.post(address, {"text": "Hat Zeit"}, headers={"accept": "application/json"})
    assert answer.json() == {"saved": True, "text": "Hat Zeit"}
    page = client.post(address, {"text": "Hat Zeit", "met_nobody": "on"})

    assert page.url == f"{visit.round.get_absolute_url()}#stop-{visit.pk}"
    saved = Visit.objects.get()
    assert (saved.text, saved.met_nobody, saved.user) == ("Hat Zeit", True, user)


@pytest.mark.parametrize("text", ["\0", "a" * 10_001])
def test_bad_text_of_a_visit_is_refused_and_kept(client, user, visit, text):
    address = reverse("actors:visit_save", args=[visit.pk])

    answer = client.post(address, {"text": text}, headers={"accept": "application/json"})
    page = client.post(address, {"text": text})

    assert (answer.status_code, page.status_code) == (422, 422)
    assert len(answer.json()["errors"]) == 1
    assert page.context["stops"][0][1]["text"].value() == text
    assert Visit.objects.done().count() == 0


def test_visit_from_the_page_of_an_actor_stands_in_the_timeline(client, user, actor):
    for _press in range(2):
        response = client.post(reverse("actors:visit_plan", args=[actor.pk]))
    visit = Visit.objects.get()
    assert response.url.endswith(f"#stop-{visit.pk}")
    client.post(reverse("actors:visit_save", args=[visit.pk]), {"text": "Sucht eine Aushilfe"})

    page = client.get(f"{actor.get_absolute_url()}?happened=visit").content.decode()

    assert "Sucht eine Aushilfe" in page


def test_stop_is_added_and_taken_off(client, user, centre, visit):
    other = ActorFactory(centre=centre, name="Linde")

    client.post(visit.round.get_absolute_url(), {"actor": "Linde", "actor_id": other.pk})
    assert visit.round.visits.count() == 2
    client.post(reverse("actors:visit_drop", args=[visit.pk]))

    assert list(visit.round.visits.values_list("actor", flat=True)) == [other.pk]


def test_round_of_another_day_is_planned(client, user, actor):
    response = client.post(
        reverse("actors:round_list"),
        {"on": TOMORROW.isoformat(), "actor": "Café Kranz", "actor_id": actor.pk},
    )

    row = Round.objects.get()
    assert (response.url, row.on) == (row.get_absolute_url(), TOMORROW)
    assert client.get(reverse("actors:round_list")).context["page_obj"].object_list[0] == row


@pytest.mark.parametrize("page", ["care_radar", "round_list", "round_detail", "visit_plan"])
def test_stop_of_another_office_is_refused_wherever_it_is_added(client, user, actor, page):
    elsewhere = MandateFactory(user=user, role=Role.DESK).centre
    row = RoundFactory(user=user, centre=elsewhere, on=TODAY)
    choice = {"actor": actor.name, "actor_id": actor.pk, "on": TODAY.isoformat()}
    address, data = {
        "care_radar": (reverse("actors:round_plan"), {"actors": [actor.pk]}),
        "round_list": (reverse("actors:round_list"), choice),
        "round_detail": (row.get_absolute_url(), choice),
        "visit_plan": (reverse("actors:visit_plan", args=[actor.pk]), {}),
    }[page]

    response = client.post(address, data, follow=True)

    assert f"{user} geht an diesem Tag" in response.content.decode()
    assert not Visit.objects.exists()


def test_todays_round_leads_to_the_list_when_there_is_none(client, user, visit):
    address = reverse("actors:round_today")
    assert client.get(address).url == visit.round.get_absolute_url()

    visit.round.delete()

    assert client.get(address).url == reverse("actors:round_list")


def test_rounds_and_visits_of_another_centre_do_not_exist(client, user):
    visit = VisitFactory(round=RoundFactory())

    assert client.get(visit.round.get_absolute_url()).status_code == 404
    assert client.get(reverse("actors:round_geojson", args=[visit.round.pk])).status_code == 404
    for name in ("visit_save", "visit_drop"):
        assert client.post(reverse(f"actors:{name}", args=[visit.pk])).status_code == 404
    assert client.post(reverse("actors:visit_plan", args=[visit.actor.pk])).status_code == 404
