"""A mail to several people: one delivery per row, one message for all who read it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.urls import reverse

from tests.concurrency import run_at_once
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile
from zentrum.mail import delivering, services, tasks
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


def post(**changes):
    parts = {
        "key": "answer:1",
        "to": "laden@example.org",
        "also_to": ["amt@example.org"],
        "cc": ["verein@example.org"],
        "subject": "Ihre Anfrage",
        "template": "account/email/login_code_message",
        "context": {"code": "1"},
    }
    return services.post(**parts | changes)


def rows():
    return list(OutgoingMail.objects.order_by("pk"))


def test_each_recipient_is_a_row_and_reads_who_else_got_it(smtp_server):
    first = post()

    assert [delivering.deliver(mail.pk) for mail in rows()] == [True, True, True]

    assert smtp_server.envelopes == [
        ["laden@example.org"],
        ["amt@example.org"],
        ["verein@example.org"],
    ]
    read = {(m["To"], m["Cc"], m["Message-ID"]) for m in smtp_server.messages}
    assert read == {("laden@example.org, amt@example.org", "verein@example.org", first.message_id)}


def test_every_delivery_is_queued(monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(tasks.deliver, "delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        post()

    assert queued == [mail.pk for mail in rows()]
    assert len(queued) == 3


def test_somebody_named_twice_gets_one_mail():
    post(also_to=["Laden@Example.org", "amt@example.org"], cc=["AMT@example.org"])

    assert [mail.to for mail in rows()] == ["laden@example.org", "amt@example.org"]
    assert rows()[1].visible_recipients == (["laden@example.org", "amt@example.org"], [])


def test_a_mail_to_one_person_names_nobody_else():
    mail = post(also_to=[], cc=[])

    assert (mail.to_header, mail.cc_header, len(rows())) == ("", "", 1)
    assert mail.visible_recipients == (["laden@example.org"], [])


@pytest.mark.parametrize("wrong", ["niemand", "a@b.de\nBcc: c@d.de", "a@b.de, c@d.de", ""])
def test_one_malformed_address_leaves_no_row(wrong):
    with pytest.raises(ValidationError):
        post(cc=[wrong])

    assert rows() == []


def test_the_same_key_writes_no_second_copy():
    assert post() == post(cc=["noch@example.org"])

    assert len(rows()) == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_writes_each_copy_once(monkeypatch):
    monkeypatch.setattr(tasks.deliver, "delay", lambda pk: None)

    results = run_at_once(post)

    assert set(results) == {OutgoingMail.objects.get(copy_of=None)}
    assert len(rows()) == 3


def test_the_database_refuses_a_second_delivery_to_the_same_person():
    mail = post()

    with pytest.raises(IntegrityError):
        OutgoingMailFactory(message_id=mail.message_id, to=mail.to)


def test_all_copies_carry_the_files_of_the_first(smtp_server):
    file = StoredFile(name="Plan.txt", content_type="text/plain", size=5, sha256="0" * 64)
    file.content.save("probe.txt", ContentFile(b"Hallo"))
    post(files=[file])

    for mail in rows():
        delivering.deliver(mail.pk)

    names = [[a.get_filename() for a in m.iter_attachments()] for m in smtp_server.messages]
    assert names == [["Plan.txt"]] * 3


def test_a_server_that_refuses_one_recipient_takes_the_others(smtp_server):
    smtp_server.refused = {"amt@example.org": "550 no such user"}
    post()

    for mail in rows():
        delivering.deliver(mail.pk)

    assert [(mail.to, mail.state, mail.last_error) for mail in rows()] == [
        ("laden@example.org", "sent", ""),
        ("amt@example.org", "retrying", "550 no such user"),
        ("verein@example.org", "sent", ""),
    ]


def bounce(mail, address="amt@example.org", reason="5.1.1 unknown user", *, is_permanent=True):
    return services.note_bounce(mail.message_id, address, reason, is_permanent=is_permanent)


def test_a_bounce_is_noted_at_the_recipient_it_names(smtp_server):
    mail = post()
    for row in rows():
        delivering.deliver(row.pk)

    noted = bounce(mail, "AMT@example.org")

    assert [(row.to, row.state, row.bounce_reason) for row in rows()] == [
        ("laden@example.org", "sent", ""),
        ("amt@example.org", "bounced", "5.1.1 unknown user"),
        ("verein@example.org", "sent", ""),
    ]
    assert noted == rows()[1]
    assert services.failing_addresses(["Amt@example.org", "laden@example.org", ""]) == {
        "amt@example.org": "5.1.1 unknown user"
    }


def test_a_delay_is_no_failing_address_and_never_softens_a_bounce():
    mail = post()

    bounce(mail, "laden@example.org", "4.4.1 tries on", is_permanent=False)
    bounce(mail)
    bounce(mail, reason="4.4.1 tries on", is_permanent=False)

    assert [row.state for row in rows()] == ["delayed", "bounced", "queued"]
    assert set(services.failing_addresses(row.to for row in rows())) == {"amt@example.org"}


def test_what_came_back_is_not_sent_again(smtp_server):
    """The worker died after the server had taken it."""
    mail = post(also_to=[], cc=[])

    bounce(mail, mail.to)

    assert not delivering.deliver(mail.pk)
    assert smtp_server.messages == []


@pytest.mark.parametrize(
    ("address", "state"),
    [("weiter@anderswo.example", "bounced"), ("", "bounced")],
)
def test_a_bounce_of_another_address_belongs_to_the_only_recipient(address, state):
    mail = post(also_to=[], cc=[])

    assert bounce(mail, address) == mail

    assert rows()[0].state == state


def test_a_bounce_that_fits_nobody_changes_nothing():
    mail = post()

    assert bounce(mail, "weiter@anderswo.example") is None
    assert services.note_bounce("<fremd@x>", mail.to, "", is_permanent=True) is None

    assert [row.state for row in rows()] == ["queued"] * 3


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_leave_the_permanent_one(monkeypatch):
    monkeypatch.setattr(tasks.deliver, "delay", lambda pk: None)
    mail = post()
    kinds = iter([True, False, False, False])

    run_at_once(lambda: bounce(mail, is_permanent=next(kinds)))

    assert rows()[1].is_bounce_permanent


def test_the_outbox_shows_all_recipients_with_their_state(client, sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    mail = post(centre=centre)
    bounce(mail)
    copy = rows()[1]

    page = client.get(reverse("mail:outgoing_detail", args=[copy.pk]))
    listed = client.get(reverse("mail:outgoing_list"), {"state": "bounced"})

    assert [row.to for row in page.context["deliveries"]] == [row.to for row in rows()]
    assert "5.1.1 unknown user" in page.content.decode()
    assert list(listed.context["mails"]) == [copy]
