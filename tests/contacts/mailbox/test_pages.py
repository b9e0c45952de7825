"""The pages of the incoming mail, as the desk sees them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.cases.links import status_path
from contacts.models import Case, IncomingMail, Mailbox
from tests.contacts.mailbox.corpus.building import NEIGHBOUR, answer, plain
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:mail_list")


@pytest.fixture
def signed_in(client, sign_in, manager, mailbox):
    return sign_in(Role.MANAGER, user=manager, centre=mailbox.centre, carrier=CarrierFactory())


def held_back(take_in, number="1"):
    return take_in(plain(sender=None, number=number, subject=f"Ohne {number}"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries(client, signed_in, take_in, count, django_assert_num_queries):
    for number in range(count):
        held_back(take_in, str(number))

    with django_assert_num_queries(5):
        response = client.get(LIST)

    assert [mail.subject for mail in response.context["mails"]] == [
        f"Ohne {number}" for number in reversed(range(count))
    ]


def test_list_shows_what_is_held_back_then_the_rest(client, signed_in, take_in):
    mail = held_back(take_in)
    news = take_in(plain(headers="List-Id: <x>", number="2", subject="Neues"))

    pages = {show: client.get(f"{LIST}?show={show}") for show in ("", "automatic", "all")}

    assert {show: list(page.context["mails"]) for show, page in pages.items()} == {
        "": [mail],
        "automatic": [news],
        "all": [news, mail],
    }
    assert "Sie nennt keinen Absender." in pages[""].content.decode()


def test_held_back_mail_is_made_a_case_by_a_press(client, signed_in, take_in):
    mail = held_back(take_in)

    response = client.post(reverse("contacts:mail_make_case", args=[mail.pk]))

    assert response.url == Case.objects.get().get_absolute_url()


def test_raw_mail_comes_as_a_download_that_nothing_runs(client, signed_in, take_in):
    raw = plain(sender=None)
    mail = take_in(raw)

    response = client.get(reverse("contacts:mail_raw", args=[mail.pk]))

    assert response.getvalue() == raw
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_case_page_shows_stranger_full_mail_and_files(client, signed_in, known, take_in):
    mail = take_in(answer("Gern.\n\nVon: Amt\nGesendet: heute\nAn: Jo\n\nZitat", sender=NEIGHBOUR))
    page = client.get(known.get_absolute_url()).content.decode()
    full = reverse("contacts:message_detail", args=[mail.message.pk])

    assert NEIGHBOUR in page
    assert full in page
    assert "Zitat" not in page
    assert "Zitat" in client.get(full).content.decode()


def test_what_a_stranger_wrote_bears_their_name_and_the_sender_does_not_read_it(
    client, signed_in, known, take_in
):
    Case.objects.update(sender_name="Jo Laden", actor=None)
    message = take_in(answer("Das stört mich.", sender=NEIGHBOUR)).message

    page = client.get(known.get_absolute_url()).text
    status = client.get(status_path(known)).text

    entry = page.partition(f'id="entry-{message.pk}"')[2].partition("</li>")[0]
    assert (f"{NEIGHBOUR} ·" in entry, "Jo Laden" in entry) == (True, False)
    assert "Das stört mich." not in status


def test_formatted_mail_loads_and_runs_nothing(client, signed_in, take_in):
    html = '<p style="color:red">Hallo<img src="https://spion.example/a.gif"></p><script>x</script>'
    mail = take_in(plain(html, kind="text/html"))

    page = client.get(reverse("contacts:message_detail", args=[mail.message.pk]))

    assert "<p>Hallo</p>" in page.content.decode()
    assert "spion.example" not in page.content.decode()


def test_suggestion_is_one_click(client, signed_in, known, take_in):
    Case.objects.update(state="open", outcome="", closed_at=None)
    case = take_in(plain(subject="Kehren!")).case
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Gehört zu einem anderen Vorgang?" in page

    response = client.post(
        reverse("contacts:case_merge", args=[case.pk]), {"reference": known.reference}
    )

    case.refresh_from_db()
    assert (response.url, case.merged_into) == (known.get_absolute_url(), known)


def test_reference_of_an_invisible_case_is_none(client, signed_in, known, take_in, mailbox):
    Case.objects.filter(pk=known.pk).update(carrier=CarrierFactory())
    case = take_in(plain()).case

    page = client.post(
        reverse("contacts:case_merge", args=[case.pk]), {"reference": known.reference}
    )

    assert "Es gibt keinen Vorgang mit diesem Zeichen." in page.content.decode()


def entries(mailbox, **changes):
    """The form of a mailbox as it is sent."""
    return {
        "name": mailbox.name,
        "address": mailbox.address,
        "carrier": mailbox.carrier.pk,
        "centre": mailbox.centre.pk,
        "port": 993,
        "security": "tls",
        "login": "password",
        "folder": "INBOX",
        "starts_on": timezone.localdate().isoformat(),
    } | changes


def test_mailbox_of_another_carrier_cannot_be_set_up(client, signed_in, mailbox):
    data = entries(mailbox, name="Neu", address="Neu@Stadt.example", carrier=CarrierFactory().pk)
    url = reverse("contacts:mailbox_create")
    client.post(url, data)
    assert Mailbox.objects.count() == 1

    client.post(url, data | {"carrier": mailbox.carrier.pk})

    assert Mailbox.objects.get(name="Neu").address == "neu@stadt.example"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "MAILBOX_x", "mailbox_a"])
def test_only_a_secret_for_mailboxes_can_be_named(client, signed_in, mailbox, name):
    """Else whoever sets up a mailbox could send any secret of the server to a host of theirs."""
    url = reverse("contacts:mailbox_update", args=[mailbox.pk])
    server = {"host": "imap.example", "user": "x"}

    client.post(url, entries(mailbox, **server, secret_name=name))
    mailbox.refresh_from_db()
    assert (mailbox.host, mailbox.secret_name) == ("", "")

    client.post(url, entries(mailbox, **server, secret_name="MAILBOX_DESK"))
    mailbox.refresh_from_db()
    assert (mailbox.host, mailbox.secret_name) == ("imap.example", "MAILBOX_DESK")


def test_today_says_that_a_mailbox_stands_still_and_mails_wait(client, signed_in, mailbox, take_in):
    held_back(take_in)
    Mailbox.objects.update(
        host="imap.example", user="x", secret_name="MAILBOX_X", failing_since=timezone.now()
    )

    page = client.get(reverse("contacts:today")).content.decode()

    assert "Ein Postfach kann nicht abgerufen werden" in page
    assert LIST in page


def test_desk_of_another_centre_learns_nothing_of_it(client, sign_in, mailbox):
    sign_in(Role.DESK, user=UserFactory(), centre=CentreFactory())
    Mailbox.objects.update(
        host="imap.example", user="x", secret_name="MAILBOX_X", failing_since=timezone.now()
    )

    assert "Postfach" not in client.get(reverse("contacts:today")).content.decode()


def test_readiness_counts_failing_mailboxes_without_a_name(client, mailbox):
    Mailbox.objects.update(
        host="imap.example",
        user="x",
        secret_name="MAILBOX_X",
        failing_since=timezone.now() - timezone.timedelta(hours=1),
    )

    response = client.get(reverse("portal:readyz"))

    assert response.json()["checks"]["mailboxes"] == {"ok": False, "failing": 1}
    assert "Anlaufstelle" not in response.content.decode()


def test_log_is_paged(client, signed_in, mailbox, monkeypatch):
    monkeypatch.setattr("contacts.mailbox.views.PER_PAGE", 2)
    for number in range(3):
        IncomingMail.objects.create(mailbox=mailbox, fingerprint=str(number), action="own")

    first = client.get(f"{LIST}?show=all")
    second = client.get(LIST + first.context["following"])

    assert [len(page.context["mails"]) for page in (first, second)] == [2, 1]


def test_answer_to_all_reaches_whom_the_sender_named_but_not_the_office(
    client, signed_in, mailbox, take_in, settings
):
    settings.DEFAULT_FROM_EMAIL = "Anlaufstelle <portal@stadt.example>"
    Mailbox.objects.create(
        name="Zweites",
        address="Zwei@stadt.example",
        carrier=mailbox.carrier,
        centre=mailbox.centre,
    )
    named = "Cc: Inge <inge@laden.example>, portal@stadt.example, zwei@stadt.example"
    case = take_in(plain(headers=named)).case
    page = client.get(case.get_absolute_url())
    assert page.context["others"] is True

    client.post(reverse("contacts:reply_to_all", args=[case.pk]), {"reply-text": "Gern."})

    form = client.get(case.get_absolute_url()).context["reply_form"]
    assert (form["to"].value(), form["cc"].value()) == (case.sender_email, "inge@laden.example")


def test_answer_to_all_is_not_offered_when_the_sender_named_nobody_else(client, signed_in, take_in):
    case = take_in(plain()).case

    assert client.get(case.get_absolute_url()).context["others"] is False


def test_whom_a_stranger_names_is_not_addressed(client, signed_in, known, take_in):
    named = "Cc: dritte@laden.example"
    take_in(answer("Danke.", number="7"))
    take_in(answer("Gern.", sender=f"Ute <{NEIGHBOUR}>", headers=named))

    client.post(reverse("contacts:reply_to_all", args=[known.pk]), {"reply-text": "Gern."})

    form = client.get(known.get_absolute_url()).context["reply_form"]
    assert form["cc"].value() == NEIGHBOUR
