from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.intake import keys, services
from contacts.intake.models import Reason, Submission
from contacts.models import Case
from tests.factories.actors import ActorFactory
from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

CREATE = reverse("contacts:case_create")
QUARANTINE = reverse("contacts:submission_list")


@pytest.fixture
def centre(db):
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def entries(**changes):
    return {
        "who": "Frau Yıldız",
        "phone": "",
        "email": "",
        "subject": "Laterne flackert",
        "text": "",
        "until": "promise",
        "channel": "phone",
        "kind": "enquiry",
        "form_key": keys.sign(uuid4()),
    } | changes


def test_form_opens_fast(client, centre, manager, django_assert_num_queries):
    with django_assert_num_queries(9):
        assert client.get(CREATE).status_code == 200


def test_call_is_taken_down_in_one_line(client, centre, manager):
    answer = client.post(CREATE, entries(owner=manager.pk))

    case = Case.objects.get()
    assert answer.url == case.get_absolute_url()
    assert (case.sender_name, case.owner, case.created_by, case.channel) == (
        "Frau Yıldız",
        manager,
        manager,
        "phone",
    )
    assert bool(case.read_at)
    assert OutgoingMail.objects.count() == 0


def test_visitor_at_the_counter_gets_a_slip(client, centre, manager):
    answer = client.post(CREATE, entries(channel="counter"), follow=True)

    assert Case.objects.get().code in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("/zettel/")


def test_visitor_with_an_address_gets_a_receipt(client, centre, manager):
    client.post(CREATE, entries(email="a@example.org"))

    assert OutgoingMail.objects.get().to == "a@example.org"


def test_known_actor_is_linked(client, centre, manager):
    actor = ActorFactory(centre=centre, name="Blumen Yıldız")

    client.post(CREATE, entries(who=str(actor), who_id=actor.pk))

    case = Case.objects.get()
    assert (case.actor, case.sender_name) == (actor, "Blumen Yıldız")


@pytest.mark.parametrize("until", ["today", "next", "promise", "other"])
def test_date_is_chosen_in_one_press(client, centre, manager, until):
    day = timezone.localdate() + timedelta(days=12)

    client.post(CREATE, entries(until=until, other_date=day))

    case = Case.objects.get()
    assert case.reply_by >= timezone.localdate()
    assert (case.reply_by == day) == (until == "other")


def test_call_of_yesterday_answered_right_away_is_closed(client, centre, manager):
    yesterday = timezone.localtime() - timedelta(days=1)
    moment = yesterday.strftime("%Y-%m-%dT%H:%M")

    client.post(CREATE, entries(received_at=moment, answer="Ist bestellt."))

    case = Case.objects.get()
    assert (case.state, case.outcome) == ("closed", "answered")
    assert timezone.localtime(case.received_at).strftime("%Y-%m-%dT%H:%M") == moment


def test_pressing_twice_makes_one_case(client, centre, manager):
    data = entries()

    first, second = client.post(CREATE, data), client.post(CREATE, data)

    assert (first.url, Case.objects.count()) == (second.url, 1)


def test_desk_staff_take_down_for_the_manager_and_still_see_it(client, sign_in, centre):
    lead = MandateFactory(centre=centre).user
    user = sign_in(Role.DESK, centre=centre)

    answer = client.post(CREATE, entries())

    case = Case.objects.get()
    assert (case.owner, case.created_by, case.read_at) == (lead, user, None)
    assert client.get(answer.url).status_code == 200


def test_centre_of_others_cannot_be_chosen(client, sign_in, centre):
    user = sign_in(Role.MANAGER, centre=centre)
    MandateFactory(user=user, centre=CentreFactory(town=centre.town))
    foreign = CentreFactory(town=centre.town)

    page = client.post(CREATE, entries(centre=foreign.pk))

    assert list(page.context["form"].errors) == ["centre"]


@pytest.mark.parametrize(
    "changes",
    [
        {"until": "other", "other_date": ""},
        {"until": "other", "other_date": "2020-01-01"},
        {"received_at": "2999-01-01T10:00"},
        {"email": "nobody"},
        {"subject": ""},
        {"channel": "online"},
        {"owner": "0"},
    ],
    ids=str,
)
def test_wrong_entries_are_refused_and_kept(client, centre, manager, changes):
    page = client.post(CREATE, entries(text="Bleibt stehen") | changes)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "Bleibt stehen" in page.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "value", ["\0", "x" * 300, "🏛️", "مقاعد \u202e", "<script>alert(1)</script>", "9" * 40]
)
def test_no_entry_breaks_the_desk_form(client, centre, manager, value):
    fields = "who who_id who_pick phone email subject text until other_date channel kind place"
    fields += " owner received_at answer form_key"

    page = client.post(CREATE, dict.fromkeys(fields.split(), value))

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert client.get(CREATE, {"akteur": value.replace("\0", "")}).status_code == 200


def quarantined(centre):
    data = {"kind": "idea", "title": "Verdacht", "text": "x", "centre": centre.pk, "email": ""}
    return services.submit(uuid4(), data=data, language="de", suspicion=Reason.LINKS)


def test_quarantine_shows_and_releases_only_own_centres(client, centre, manager):
    own, foreign = quarantined(centre), quarantined(CentreFactory(town=centre.town))

    page = client.get(QUARANTINE)
    assert page.context["submissions"] == [own]
    for action in ("release", "discard"):
        address = reverse(f"contacts:submission_{action}", args=[foreign.pk])
        assert client.post(address).status_code == 404

    client.post(reverse("contacts:submission_release", args=[own.pk]))
    own.refresh_from_db()
    assert own.case.subject == "Verdacht"
    foreign.refresh_from_db()
    assert (foreign.case, foreign.discarded_at) == (None, None)


def test_another_carrier_of_the_centre_does_not_see_its_quarantine(client, sign_in, centre):
    quarantined(centre)
    sign_in(Role.MANAGER, centre=centre, carrier=CarrierFactory())

    assert client.get(QUARANTINE).context["submissions"] == []


def test_discarding_forgets(client, centre, manager):
    submission = quarantined(centre)

    client.post(reverse("contacts:submission_discard", args=[submission.pk]))

    submission.refresh_from_db()
    assert (submission.data, Submission.objects.quarantined().count()) == ({}, 0)


def test_desk_staff_release_nothing(client, sign_in, centre):
    sign_in(Role.DESK, centre=centre)
    submission = quarantined(centre)

    address = reverse("contacts:submission_release", args=[submission.pk])
    assert client.post(address).status_code == 403
