"""Cases merged, messages moved and split off: both timelines say so, whose case it is stays."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.mailbox import services, sorting
from contacts.models import Case, IncomingMail, Mailbox, MailIdentifier, Message
from tests.concurrency import meet_before, run_at_once
from tests.contacts.mailbox.corpus.building import (
    JO_ID,
    NEIGHBOUR,
    OUR_ID,
    REFERENCE,
    SENDER,
    answer,
    plain,
)
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CarrierFactory
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(mailbox, take_in):
    return take_in(plain("Noch etwas.", number="9", sender=f"Ute <{NEIGHBOUR}>")).case


def events(case):
    return list(case.messages.filter(kind="event").values_list("event", flat=True))


def test_merging_brings_everything_over_and_closes_the_emptied_case(known, other, manager):
    sorting.merge(other, known, by=manager)

    other.refresh_from_db()
    assert (other.state, other.outcome, other.merged_into) == ("closed", "duplicate", known)
    assert known.messages.filter(text="Noch etwas.").exists()
    assert (events(known)[-1], "merged" in events(other)) == ("merged", True)
    assert not other.messages.exclude(kind="event").exists()
    assert known.document.text.count("noch etwas") == 1
    assert "noch etwas" not in Case.objects.get(pk=other.pk).document.text


def test_later_mail_to_a_merged_case_finds_the_other_one(known, other, manager, take_in):
    sorting.merge(known, other, by=manager)

    assert take_in(answer()).case == other
    assert take_in(plain("x", number="3", subject=f"[{REFERENCE}] mehr")).case == other


def test_merging_is_refused(known, other, manager):
    foreign = CaseFactory(centre=known.centre, carrier=CarrierFactory())
    for into in (other, foreign):
        with pytest.raises(ValidationError):
            sorting.merge(other, into, by=manager)
    sorting.merge(other, known, by=manager)

    with pytest.raises(ValidationError, match="zusammengeführt"):
        sorting.merge(other, known, by=manager)
    with pytest.raises(ValidationError, match="zusammengeführt"):
        sorting.merge(known, other, by=manager)


def test_moved_message_opens_the_other_case(known, take_in, other, manager):
    mail = take_in(
        plain(
            "Falsch hier.",
            number="5",
            sender=f"Ute <{NEIGHBOUR}>",
            headers="In-Reply-To: <mail9@laden.example>",
        )
    )
    assert mail.case == other

    sorting.move(mail.message, known, by=manager)

    known.refresh_from_db()
    mail.refresh_from_db()
    assert (mail.case, mail.message.case, known.state) == (known, known, "open")
    assert known.sender_email == "jo@laden.example"
    assert (events(known)[-1], events(other)[-1]) == ("moved", "moved")


def test_only_a_further_message_of_a_sender_is_moved_or_split(known, other, manager):
    answered = MessageFactory(case=other, kind=Message.Kind.OUTGOING, author=manager)
    for message in (other.messages.get(kind="incoming"), answered):
        with pytest.raises(ValidationError):
            sorting.move(message, known, by=manager)
        with pytest.raises(ValidationError):
            sorting.split(message, by=manager)


def test_split_message_is_a_case_for_who_wrote_it(known, take_in, manager):
    MessageFactory(case=known)
    mail = take_in(answer("Ganz etwas anderes.", sender=f"Ute <{NEIGHBOUR}>"))
    assert mail.message.stranger == NEIGHBOUR

    case = sorting.split(mail.message, by=manager)

    mail.refresh_from_db()
    assert (case.sender_email, case.sender_name, case.owner) == (NEIGHBOUR, "Ute", manager)
    assert (mail.case, mail.message.case, mail.message.stranger) == (case, case, "")
    assert case.messages.get(kind="incoming") == mail.message
    assert (events(known)[-1], events(case)[-1]) == ("split", "split")
    assert not OutgoingMail.objects.filter(key__endswith="-receipt").exists()


@pytest.mark.django_db(transaction=True)
def test_merging_both_ways_at_once_merges_once(mailbox, manager, take_in, monkeypatch):
    first = take_in(plain("eins", number="1", subject="Erste Sache")).case
    second = take_in(plain("zwei", number="2", subject="Andere Angelegenheit")).case
    # Closed ones are not closed once more, which would compare the version of the case.
    Case.objects.update(state="closed", outcome="withdrawn", closed_at=timezone.now())
    pairs = iter([(first.pk, second.pk), (second.pk, first.pk)])

    def merge():
        case, into = (Case.objects.get(pk=pk) for pk in next(pairs))
        sorting.merge(case, into, by=manager)

    meet_before(monkeypatch, sorting, "happened")
    results = run_at_once(merge, times=2)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "ValidationError"]
    assert Case.objects.filter(merged_into__isnull=False).count() == 1


def test_suggestion_is_followed_or_dropped(known, take_in, mailbox):
    Case.objects.update(state="open", outcome="", closed_at=None)
    mail = take_in(plain(subject="Kehren!"))
    assert (mail.action, mail.suggested) == ("new_case", known)

    services.drop_suggestion(mail.case)

    mail.refresh_from_db()
    assert mail.suggested is None


def held_back(take_in):
    return take_in(plain(headers="From: zwei@example.org"))


def test_held_back_mail_becomes_a_case_with_a_receipt_at_most_for_a_person(take_in, manager):
    case = services.make_case(held_back(take_in), by=manager)

    assert (case.subject, case.sender_email) == ("Kehren", "jo@laden.example")
    assert not OutgoingMail.objects.exists()  # who wrote it is doubtful
    with pytest.raises(ValidationError):
        services.make_case(IncomingMail.objects.get(), by=manager)


def test_unreadable_mail_becomes_a_case_all_the_same(take_in, manager, monkeypatch):
    def broken(content):
        raise ValueError("kaputt")

    monkeypatch.setattr("contacts.mailbox.processing.parsing.read", broken)
    mail = take_in(plain())
    assert mail.reason == "unreadable"

    case = services.make_case(mail, by=manager)

    assert case.messages.get(kind="incoming").text == "(Die Mail konnte nicht gelesen werden.)"


def test_newsletter_with_a_matter_becomes_a_case_without_a_receipt(take_in, manager):
    mail = take_in(plain(headers="List-Id: <x>"))

    services.make_case(mail, by=manager)

    assert (mail.action, OutgoingMail.objects.count()) == ("new_case", 0)


def test_our_own_address_is_never_written_to(take_in, manager, mailbox):
    case = services.make_case(take_in(plain(sender=mailbox.address)), by=manager)

    assert (case.sender_email, OutgoingMail.objects.count()) == ("", 0)


def test_our_own_address_is_known_however_it_is_spelled(take_in, mailbox):
    written = mailbox.address
    Mailbox.objects.update(address=written.title())

    mail = take_in(plain(sender=written))

    assert (mail.action, mail.reason) == ("quarantined", "own_address")


def test_of_several_cases_of_one_thread_the_newest_mail_counts(known, take_in, mailbox):
    """Neither the order in which ids were written counts, nor that of the cases."""
    newest, between = CaseFactory(sender_email=SENDER), CaseFactory(sender_email=SENDER)
    mails = [
        IncomingMail.objects.create(mailbox=mailbox, fingerprint=str(case.pk), case=case)
        for case in (between, newest)
    ]
    for mail in reversed(mails):
        MailIdentifier.objects.create(mail=mail, value=JO_ID)

    assert take_in(plain(headers=f"In-Reply-To: {JO_ID}")).case == newest


def test_many_ids_of_a_foreign_thread_do_not_hide_the_case(known, take_in, mailbox):
    crowd = [f"<{number}@fremd.example>" for number in range(25)]
    foreign = IncomingMail.objects.create(mailbox=mailbox, fingerprint="f", case=CaseFactory())
    MailIdentifier.objects.bulk_create(MailIdentifier(mail=foreign, value=value) for value in crowd)

    mail = take_in(plain(sender=SENDER, headers=f"References: {JO_ID} {' '.join(crowd)}"))

    assert mail.case == known


def test_tried_again_it_is_read_anew(take_in, mailbox, monkeypatch):
    queued = []
    monkeypatch.setattr("contacts.mailbox.processing_tasks.process.delay", queued.append)
    mail = held_back(take_in)

    services.try_again(mail)

    assert (mail.action, mail.attempts) == ("", 0)
    with pytest.raises(ValidationError):
        services.try_again(mail)


def test_discarded_mail_is_kept_in_the_log_only(take_in, mailbox):
    mail = held_back(take_in)

    services.discard(mail)

    assert (IncomingMail.objects.quarantined().count(), IncomingMail.objects.count()) == (0, 1)
    with pytest.raises(ValidationError):
        services.discard(mail)


def test_answer_to_our_mail_keeps_its_case_whoever_writes(known, take_in):
    take_in(plain("x", number="8", sender=f"Ute <{NEIGHBOUR}>", headers=f"In-Reply-To: {OUR_ID}"))

    known.refresh_from_db()
    assert known.sender_email == "jo@laden.example"
