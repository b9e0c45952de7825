import pytest
from django.urls import reverse

from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
LIST_URL = reverse("mail:outgoing_list")


@pytest.fixture
def centre():
    return CentreFactory()


def subjects(response):
    return [mail.subject for mail in response.context["mails"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_needs_the_same_queries_for_any_length(
    client, sign_in, centre, django_assert_num_queries, count
):
    sign_in(Role.MANAGER, centre=centre)
    OutgoingMailFactory.create_batch(count, centre=centre)

    with django_assert_num_queries(5):
        response = client.get(LIST_URL)

    assert len(response.context["mails"]) == count


def test_the_outbox_shows_the_mails_of_the_own_carrier_only(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    own = OutgoingMailFactory(centre=centre)
    foreign = OutgoingMailFactory()

    assert subjects(client.get(LIST_URL)) == [own.subject]
    assert client.get(reverse("mail:outgoing_detail", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "sent"}, ["ist raus"]),
        ({"state": "given_up"}, ["kam nicht an"]),
        ({"state": "waiting"}, ["wartet"]),
        ({"q": "RAUS"}, ["ist raus"]),
        ({"q": "an@example"}, ["kam nicht an"]),
        ({"q": "\x00"}, None),
        ({"before": "x"}, ["kam nicht an", "ist raus", "wartet"]),
        ({"before": "9" * 30}, ["kam nicht an", "ist raus", "wartet"]),
    ],
)
def test_the_outbox_filters(client, sign_in, centre, query, expected):
    sign_in(Role.MANAGER, centre=centre)
    OutgoingMailFactory(centre=centre, subject="wartet")
    OutgoingMailFactory(centre=centre, subject="ist raus", sent_at="2026-11-01T10:00Z")
    OutgoingMailFactory(
        centre=centre, to="an@example.org", subject="kam nicht an", given_up_at="2026-11-01T10:00Z"
    )

    response = client.get(LIST_URL, query)

    if expected is None:
        assert response.status_code == 400
    else:
        assert subjects(response) == expected


def test_older_mails_are_one_click_away(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    mails = OutgoingMailFactory.create_batch(52, centre=centre)

    first = client.get(LIST_URL)
    second = client.get(LIST_URL + first.context["following"])

    assert len(subjects(first)) == 50
    assert subjects(second) == [mails[1].subject, mails[0].subject]
    assert second.context["following"] == ""


def test_a_confidential_text_is_never_shown(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    mail = OutgoingMailFactory(centre=centre, is_confidential=True, text="Ihr Code: ABCD")

    page = client.get(reverse("mail:outgoing_detail", args=[mail.pk])).content.decode()

    assert "ABCD" not in page
    assert mail.subject in page


def test_a_text_with_markup_is_shown_as_text(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    mail = OutgoingMailFactory(centre=centre, text="<script>alert(1)</script>", subject="<b>x")

    page = client.get(reverse("mail:outgoing_detail", args=[mail.pk])).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_given_up_mail_goes_out_again_by_a_button(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    mail = OutgoingMailFactory(centre=centre, given_up_at="2026-11-01T10:00Z", attempts=3)
    url = reverse("mail:outgoing_try_again", args=[mail.pk])

    response = client.post(url, follow=True)
    twice = client.post(url, follow=True)

    assert [str(message) for message in response.context["messages"]] != []
    assert [message.level_tag for message in twice.context["messages"]] == ["error"]
    mail.refresh_from_db()
    assert mail.state == "queued"
    assert client.get(url).status_code == 405


def test_another_carriers_mail_cannot_be_tried_again(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    mail = OutgoingMailFactory(given_up_at="2026-11-01T10:00Z")

    assert client.post(reverse("mail:outgoing_try_again", args=[mail.pk])).status_code == 404

    assert OutgoingMail.objects.get().state == "given_up"
