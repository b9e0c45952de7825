from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.cases import services as cases
from contacts.consultations import services
from contacts.consultations.links import answer_url, consultation_of
from contacts.consultations.services import Letter, Recipient, Via
from contacts.models import Case, Consultation, Mailbox, Message
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import CarrierFactory, MandateFactory
from zentrum.files.services import store
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
MONDAY = date(2099, 1, 5)
OFFICE = Recipient("Bauamt", "bauamt@example.org")
SENDER = {
    "sender_name": "Käthe Krause",
    "sender_email": "kaethe@example.org",
    "sender_phone": "030 4711",
}


@pytest.fixture
def case():
    mandate = MandateFactory(user__name="Petra Berg")
    centre = mandate.centre
    centre.town.email = "desk@example.org"
    centre.town.save()
    return CaseFactory(centre=centre, owner=mandate.user, subject="Tische von Käthe", **SENDER)


def letter(**changes):
    words = {"subject": "Tische", "text": "Wie breit muss der Gehweg bleiben?", "due_on": MONDAY}
    return Letter(**({"recipient": OFFICE} | words | changes))


def ask(case, *, holds_case=True, **changes):
    return services.ask(
        case, letter(**changes), by=case.owner, version=case.version, holds_case=holds_case
    )


def refer(case, **changes):
    return services.refer(case, letter(**changes), by=case.owner, version=case.version)


def kinds(case):
    return list(case.messages.values_list("kind", "event"))


def test_question_goes_out_with_a_link_and_without_the_sender(case):
    MessageFactory(case=case, text="Ich bin Käthe Krause und will Tische.")
    consultation = ask(case, holds_case=False)

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.reply_to) == ("bauamt@example.org", "desk@example.org")
    assert mail.subject == f"[{case.reference}] Tische"
    assert "Wie breit muss der Gehweg bleiben?" in mail.text
    assert answer_url(consultation) in mail.text
    assert [word for word in ("Käthe", "kaethe", "4711") if word in mail.text + mail.html] == []
    assert consultation_of(["<x@y>", mail.message_id]) == consultation
    assert consultation_of(["<x@y>"]) is None


def test_answer_goes_to_the_mailbox_of_the_desk(case):
    place = {"centre": case.centre, "carrier": case.carrier}
    Mailbox.objects.create(
        name="Fremd", address="a@example.org", centre=case.centre, carrier=CarrierFactory()
    )
    Mailbox.objects.create(name="Alt", address="b@example.org", is_active=False, **place)
    asked = ask(case)
    assert asked.mails.get().reply_to == "desk@example.org"

    box = Mailbox.objects.create(name="Post", address="post@example.org", **place)
    services.remind(asked)

    assert asked.mails.latest("pk").reply_to == box.address


def test_sender_is_named_where_the_desk_ticks_it(case):
    ask(case, shares_sender=True, holds_case=False)

    text = OutgoingMail.objects.get().text
    assert [word in text for word in ("Käthe Krause", "kaethe@example.org", "030 4711")] == [
        True
    ] * 3


def test_case_waits_and_tells_the_sender_nobody(case):
    ask(case)

    case.refresh_from_db()
    assert (case.state, case.waiting_until) == (Case.State.WAITING, MONDAY)
    assert "Bauamt" not in case.waiting_for
    assert list(case.messages.for_sender()) == []
    told = OutgoingMail.objects.get(to=case.sender_email)
    assert "Bauamt" not in told.subject + told.text


def test_mails_to_the_office_are_no_part_of_the_senders_thread(case):
    ask(case, holds_case=False)
    first = cases.reply(case, author=case.owner, text="Wir fragen nach.", version=case.version)

    assert (first.mail.in_reply_to, first.mail.references) == ("", "")


def test_answer_lands_unread_in_the_case_which_is_taken_up(case):
    consultation = ask(case)
    file = store(SimpleUploadedFile("plan.txt", b"Plan"))

    message = services.answer(consultation, text=" 1,50 m ", files=[file], via=Via.LINK)

    case.refresh_from_db()
    assert (case.state, case.read_at) == (Case.State.OPEN, None)
    assert (message.kind, message.partner, message.text) == ("advice", "Bauamt", "1,50 m")
    assert [attachment.file for attachment in message.attachments.all()] == [file]
    consultation.refresh_from_db()
    assert (consultation.state, consultation.answer) == ("answered", message)
    assert list(case.messages.for_sender()) == []


def test_case_that_waits_for_something_else_goes_on_waiting(case):
    consultation = ask(case, holds_case=False)
    words = {"until": MONDAY, "waiting_for": "den Absender", "by": case.owner}
    cases.wait(case, version=case.version, **words)

    services.answer(consultation, text="1,50 m", via=Via.LINK)

    case.refresh_from_db()
    assert (case.state, case.read_at) == (Case.State.WAITING, None)


def test_several_offices_are_asked_and_each_answers_for_itself(case):
    first = ask(case)
    second = ask(case, recipient=Recipient("Ordnungsamt", "oa@example.org"))

    services.answer(second, text="Ja.", via=Via.LINK)

    first.refresh_from_db()
    assert (first.state, second.state) == ("asked", "answered")
    assert case.consultations.count() == 2


def test_not_responsible_is_an_answer(case):
    consultation = ask(case)

    services.answer(consultation, text="Das Ordnungsamt.", via=Via.LINK, is_responsible=False)

    assert (consultation.state, consultation.is_responsible) == ("answered", False)


def test_link_takes_one_answer_and_mail_takes_each(case):
    consultation = ask(case)
    services.answer(consultation, text="1,50 m", via=Via.LINK)

    with pytest.raises(ValidationError, match="bereits erledigt"):
        services.answer(consultation, text="2 m", via=Via.LINK)
    services.answer(consultation, text="Doch 2 m", via=Via.MAIL)
    services.answer(consultation, text="Doch 2 m", via=Via.MAIL)

    texts = case.messages.filter(kind=Message.Kind.ADVICE).values_list("text", flat=True)
    assert list(texts) == ["1,50 m", "Doch 2 m"]


def test_late_answer_by_mail_opens_a_closed_case(case):
    consultation = ask(case, holds_case=False)
    done = {"outcome": "withdrawn", "outcome_text": "", "by": case.owner}
    cases.close(case, version=case.version, **done)

    services.answer(consultation, text="1,50 m", via=Via.MAIL)

    case.refresh_from_db()
    assert (case.state, case.read_at) == (Case.State.OPEN, None)


def test_answer_noted_by_the_owner_is_read(case):
    consultation = ask(case)

    message = services.note_answer(consultation, text="Sagt: 1,50 m", by=case.owner)

    case.refresh_from_db()
    assert case.read_at is not None
    assert (message.author, consultation.state) == (case.owner, "answered")


def test_withdrawn_question_takes_no_answer_and_tells_them(case):
    consultation = ask(case)

    services.withdraw(consultation, by=case.owner)

    case.refresh_from_db()
    assert (consultation.state, case.state) == ("withdrawn", Case.State.OPEN)
    assert OutgoingMail.objects.latest("pk").subject == f"[{case.reference}] Erledigt: Tische"
    with pytest.raises(ValidationError, match="bereits erledigt"):
        services.answer(consultation, text="1,50 m", via=Via.LINK)
    with pytest.raises(ValidationError, match="bereits erledigt"):
        services.withdraw(consultation, by=case.owner)


def test_reminder_by_hand_goes_out_once_a_day(case):
    consultation = ask(case, holds_case=False)

    for _ in range(2):
        services.remind(consultation)

    question, reminder = OutgoingMail.objects.order_by("pk")
    assert reminder.to == "bauamt@example.org"
    assert reminder.in_reply_to == question.message_id
    services.answer(consultation, text="1,50 m", via=Via.LINK)
    with pytest.raises(ValidationError, match="bereits erledigt"):
        services.remind(consultation)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": "  "}, "wissen möchten"),
        ({"due_on": date(2020, 1, 6)}, "nach heute"),
        ({"due_on": date(2099, 1, 4)}, "kein Arbeitstag"),
        ({"recipient": Recipient("Sie", "Kaethe@example.org")}, "Adresse der absendenden Person"),
        ({"recipient": Recipient("Sie", "keine")}, "E-Mail"),
    ],
)
def test_question_that_does_not_fit_is_refused_and_nothing_sent(case, changes, refusal):
    with pytest.raises(ValidationError, match=refusal):
        ask(case, **changes)

    assert (Consultation.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert Message.objects.count() == 0


def test_closed_or_changed_case_is_not_asked_about(case):
    with pytest.raises(ValidationError, match="inzwischen"):
        services.ask(case, letter(), by=case.owner, version=7)
    done = {"outcome": "withdrawn", "outcome_text": "", "by": case.owner}
    cases.close(case, version=case.version, **done)
    with pytest.raises(ValidationError, match="abgeschlossen"):
        ask(case)


def test_referral_tells_both_and_waits(case):
    referral = refer(case, shares_sender=True)

    to_them, to_sender = OutgoingMail.objects.order_by("pk")
    assert (to_them.to, to_sender.to) == ("bauamt@example.org", "kaethe@example.org")
    assert "Bauamt" in to_sender.text
    assert "Petra Berg" in to_sender.text
    assert "Käthe Krause" in to_them.text
    case.refresh_from_db()
    assert (case.state, case.waiting_until) == (Case.State.WAITING, referral.due_on)


def test_case_is_closed_as_referred_once_they_have_taken_over(case):
    referral = refer(case)
    early = {"outcome": "referred", "outcome_text": "Bauamt", "by": case.owner}
    with pytest.raises(ValidationError, match="übernommen"):
        cases.close(case, version=case.version, **early)

    services.take_over(referral)

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.CLOSED, Case.Outcome.REFERRED)
    assert "Bauamt" in case.outcome_text
    with pytest.raises(ValidationError, match="bereits erledigt"):
        services.refuse(referral, text="Nein")


def test_refusal_brings_the_case_back_with_its_reason(case):
    referral = refer(case)
    with pytest.raises(ValidationError, match="Grund"):
        services.refuse(referral, text=" ")

    message = services.refuse(referral, text="Nicht unser Gebiet.")

    case.refresh_from_db()
    assert (case.state, case.read_at, referral.state) == (Case.State.OPEN, None, "refused")
    assert message.text == "Nicht unser Gebiet."


def test_mail_alone_takes_no_case_over(case):
    referral = refer(case)

    services.answer(referral, text="Wir sehen es uns an.", via=Via.MAIL)

    assert referral.state == "asked"


def test_case_is_referred_to_one_place_at_a_time(case):
    referral = refer(case)
    with pytest.raises(ValidationError, match="zurück"):
        refer(case)

    services.withdraw(referral, by=case.owner)

    case.refresh_from_db()
    assert refer(case).state == "asked"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "answered"},
        {"settled_at": timezone.now()},
        {"kind": "referral", "state": "answered", "settled_at": timezone.now()},
        {"state": "taken_over", "settled_at": timezone.now()},
    ],
)
def test_database_refuses_states_that_cannot_be(changes):
    consultation = ConsultationFactory()

    with pytest.raises(ValidationError):
        Consultation(
            **{
                field.name: getattr(consultation, field.name)
                for field in Consultation._meta.concrete_fields
                if field.name not in changes
            },
            **changes,
        ).validate_constraints()


def test_overdue_is_what_is_open_beyond_its_day():
    day = timezone.localdate()
    late = ConsultationFactory(due_on=day - timedelta(days=1))
    ConsultationFactory(due_on=day)
    ConsultationFactory(due_on=day - timedelta(days=1), state="answered", settled_at=timezone.now())

    assert list(Consultation.objects.overdue(day)) == [late]
