"""The disk is full in the middle of a file: nothing half-written stays, and people are told."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.mailbox import processing, receiving
from contacts.models import Case, IncomingMail, Mailbox, Message, ReplyDraft
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory
from tests.jobs.filling import ROOM, full_disk, kept_files
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile
from zentrum.files.services import keep, store
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
LARGE = b"%PDF-1.7 " + b"x" * 3 * ROOM
MAIL = (
    b"From: Jo <jo@example.org>\r\nTo: post@example.org\r\nSubject: Plan\r\nMessage-ID: <a@b>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: text/plain\r\n\r\nAnbei der Plan.\r\n"
    b"--B\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=Plan.pdf"
    b"\r\n\r\n" + LARGE + b"\r\n--B--\r\n"
)


def plan():
    return SimpleUploadedFile("Plan.pdf", LARGE)


def keep_raw(content):
    return keep(content, name="mail.eml", content_type="message/rfc822")


@pytest.mark.parametrize(("way", "refusal"), [(store, ValidationError), (keep_raw, OSError)])
def test_half_a_file_does_not_stay(way, refusal):
    before = kept_files()

    with full_disk(), pytest.raises(refusal):
        way(plan())

    assert kept_files() == before
    assert not StoredFile.objects.exists()


def test_answer_with_a_file_stays_a_draft_and_says_why(client, sign_in):
    case = CaseFactory(sender_email="jo@example.org")
    user = sign_in(Role.MANAGER, centre=case.centre)
    url = reverse("contacts:case_reply", args=[case.pk])
    data = {"reply-version": case.version, "reply-text": "Anbei der Plan.", "reply-then": "keep"}
    data |= {"reply-to": "jo@example.org", "reply-by_mail": "on"}
    before = kept_files()

    with full_disk():
        page = client.post(url, data | {"reply-files": plan()})

    assert "Plan.pdf" in str(page.context["reply_form"].errors)
    assert (Message.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert ReplyDraft.objects.get(user=user).text == "Anbei der Plan."
    assert kept_files() == before

    assert client.post(url, data | {"reply-files": plan()}).status_code == 302
    assert OutgoingMail.objects.get().attachments.get().file.name == "Plan.pdf"


@pytest.fixture
def mailbox(db):
    centre = CentreFactory()
    MandateFactory(centre=centre, role=Role.MANAGER)
    return Mailbox.objects.create(
        name="Post", address="post@example.org", centre=centre, carrier=centre.carrier
    )


def test_mail_that_finds_no_room_is_not_taken(mailbox):
    """The mail server keeps it and comes again."""
    before = kept_files()

    with full_disk(), pytest.raises(OSError, match="large"):
        receiving.receive(mailbox, io.BytesIO(MAIL))
    assert not IncomingMail.objects.exists()
    assert kept_files() == before

    assert receiving.receive(mailbox, io.BytesIO(MAIL))["action"] == "new_case"


def test_mail_whose_file_finds_no_room_waits_and_loses_nothing(mailbox, monkeypatch):
    """There was room for the raw mail, but none is left for its file."""
    monkeypatch.setattr(receiving.processing, "process", lambda pk: None)
    receiving.receive(mailbox, io.BytesIO(MAIL))
    monkeypatch.undo()
    mail = IncomingMail.objects.get()
    before = kept_files()

    with full_disk(), pytest.raises(OSError, match="Plan"):
        processing.process(mail.pk)
    mail.refresh_from_db()
    assert (mail.action, mail.begun_at, Case.objects.count()) == ("", None, 0)
    assert kept_files() == before

    processing.process(mail.pk)
    attachment = Message.objects.get(kind=Message.Kind.INCOMING).attachments.get()
    assert (attachment.file.name, attachment.file.size) == ("Plan.pdf", len(LARGE))
