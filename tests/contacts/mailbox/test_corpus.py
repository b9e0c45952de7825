"""Each nasty mail has exactly the outcome that is written down beside it, and is kept raw."""

import pytest

from contacts.cases.models import Case
from contacts.models import Message
from tests.contacts.mailbox.corpus import files, machines, shapes, texts, threads
from tests.contacts.mailbox.corpus.building import OUTCOME
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
CORPUS = [*texts.MAILS, *shapes.MAILS, *threads.MAILS, *machines.MAILS, *files.MAILS]


@pytest.mark.parametrize("nasty", CORPUS, ids=[nasty.name for nasty in CORPUS])
def test_nasty_mail_has_its_outcome(known, take_in, nasty):
    mail = take_in(nasty.raw)

    expected = OUTCOME | nasty.expected
    if expected["state"] is None:
        del expected["state"]
    assert {
        name: value for name, value in outcome(mail, known).items() if name in expected
    } == expected
    with mail.raw.content.open("rb") as kept:
        assert kept.read() == nasty.raw


def outcome(mail, known):
    known = Case.objects.get(pk=known.pk)
    said = mail.message if mail.action in ("new_case", "appended") else None
    refused = mail.case and mail.case.messages.filter(event=Message.Event.FILES_REFUSED).first()
    return {
        "action": mail.action,
        "reason": mail.reason,
        "case": _name(mail.case, known),
        "sender": mail.sender,
        "subject": mail.subject,
        "text": said.text if said else None,
        "files": [a.file.name for a in said.attachments.order_by("pk")] if said else [],
        "refused": len(refused.text.split("\n")) - 1 if refused else 0,
        "stranger": said.stranger if said else "",
        "suggested": _name(mail.suggested, known),
        "receipt": OutgoingMail.objects.filter(key__endswith="-receipt").exists(),
        "state": known.state,
    }


def _name(case, known):
    return None if case is None else "known" if case == known else "new"


def test_corpus_is_large_and_names_each_mail_once():
    assert len({nasty.name for nasty in CORPUS}) == len(CORPUS) >= 60


def test_no_mail_of_the_corpus_changes_whose_case_it_is(known, take_in):
    for nasty in CORPUS:
        take_in(nasty.raw)

    known.refresh_from_db()
    assert (known.sender_email, known.actor) == ("jo@laden.example", None)
