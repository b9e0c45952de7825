from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.cases import services
from contacts.models import Case, Message, ReplyDraft
from projects.models import Idea, IdeaFollower
from tests.factories.actors import ActorFactory
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MandateFactory(user__name="Petra Berg").user


@pytest.fixture
def case(manager):
    centre = manager.mandates.get().centre
    today = timezone.localdate()
    return CaseFactory(
        centre=centre,
        owner=manager,
        sender_name="Ayşe Öztürk",
        sender_email="ayse@example.org",
        reply_by=today + timedelta(days=3),
        received_at=timezone.now(),  # an hour ago may be yesterday
    )


def events(case):
    return [m.event for m in case.messages.all() if m.kind == Message.Kind.EVENT]


def test_reply_mails_the_sender_and_notes_the_first_answer_once(
    case, manager, django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr("zentrum.mail.tasks.deliver.delay", queued.append)

    with django_capture_on_commit_callbacks(execute=True):
        message = services.reply(case, author=manager, text="Das prüfen wir.", version=0)
        assert queued == []

    assert queued == [message.mail.pk]
    assert (message.mail.to, message.mail.subject, message.mail.is_automatic) == (
        "ayse@example.org",
        f"[{case.reference}] {case.subject}",
        False,
    )
    assert "Das prüfen wir." in message.mail.text
    assert "/status/" in message.mail.text
    first = case.first_answered_at
    assert (case.first_answer_days, case.version, bool(case.read_at)) == (0, 1, True)

    services.reply(case, author=manager, text="Noch etwas.", version=1)
    assert case.first_answered_at == first
    assert case.last_outgoing_at > first


def test_replies_continue_the_thread_of_earlier_mails(case, manager):
    first = services.reply(case, author=manager, text="Eins.", version=0).mail
    second = services.reply(case, author=manager, text="Zwei.", version=1).mail
    third = services.reply(case, author=manager, text="Drei.", version=2).mail

    assert (first.in_reply_to, first.references) == ("", "")
    assert third.in_reply_to == second.message_id
    assert third.references == f"{first.message_id} {second.message_id}"


def test_reply_without_address_is_recorded_as_given_in_person(case, manager):
    case.sender_email = ""
    case.save()

    message = services.reply(case, author=manager, text="Am Telefon gesagt.", version=0)

    assert message.mail is None
    assert case.first_answer_days == 0
    assert OutgoingMail.objects.count() == 0


def test_reply_uses_up_the_draft_of_its_author_only(case, manager):
    other = UserFactory()
    ReplyDraft.objects.create(user=manager, case=case, text="Das pr")
    ReplyDraft.objects.create(user=other, case=case, text="Ich auch")

    services.reply(case, author=manager, text="Das prüfen wir.", version=0)

    assert [draft.user for draft in ReplyDraft.objects.all()] == [other]


def test_reply_refuses_an_old_version_and_an_empty_text(case, manager):
    services.add_incoming(case, text="Und noch etwas")

    with pytest.raises(ValidationError) as refusal:
        services.reply(case, author=manager, text="Zu spät.", version=0)
    assert refusal.value.code == "stale"
    with pytest.raises(ValidationError):
        services.reply(case, author=manager, text=" \n ", version=1)
    assert case.messages.filter(kind=Message.Kind.OUTGOING).count() == 0


def test_note_disturbs_nobody_and_is_written_once_on_a_double_click(case, manager):
    for _click in range(2):
        services.add_note(case, author=manager, text="Nur für uns")

    assert case.version == 0
    assert [m.text for m in case.messages.all()] == ["Nur für uns"]


def test_message_of_the_sender_opens_a_closed_case_with_a_new_date(case, manager):
    services.reply(case, author=manager, text="Fertig.", version=0)
    services.close(case, outcome="answered", outcome_text="", by=manager, version=1)
    Case.objects.filter(pk=case.pk).update(reply_by=date(2020, 1, 1))
    promised_on = case.promised_on

    services.add_incoming(case, text="Leider nicht.")

    assert (case.state, case.outcome, case.closed_at, case.read_at) == ("open", "", None, None)
    assert case.reply_by > timezone.localdate()
    assert case.promised_on == promised_on
    assert events(case) == ["closed", "reopened"]


def test_message_of_the_sender_ends_the_waiting(case, manager):
    until = timezone.localdate() + timedelta(days=5)
    services.wait(case, until=until, waiting_for="Foto", by=manager, version=0)

    services.add_incoming(case, text="Hier ist das Foto.")

    assert (case.state, case.waiting_until, case.waiting_for) == ("open", None, "")


def test_the_same_words_end_a_waiting_that_began_after_them(case, manager):
    services.add_incoming(case, text="Es ist der Poller Nummer 12.")
    until = timezone.localdate() + timedelta(days=5)
    services.wait(case, until=until, waiting_for="Foto", by=manager, version=1)

    services.add_incoming(case, text="Es ist der Poller Nummer 12.")

    assert case.state == "open"
    assert case.messages.filter(kind="incoming", text__contains="Nummer 12").count() == 2


def test_pressing_send_twice_on_the_status_page_writes_once(case):
    for _click in range(2):
        services.add_incoming(case, text="Hallo?")

    assert [m.text for m in case.messages.all()] == ["Hallo?"]
    assert case.version == 1


def test_hand_over_makes_a_colleague_the_owner(case, manager):
    colleague = MandateFactory(
        role=Role.DESK, centre=case.centre, carrier=case.carrier, user__name="Ayla Demir"
    ).user

    services.hand_over(case, to=colleague, by=manager, version=0, note="Kennt den Laden")

    assert (case.owner, case.read_at, case.version) == (colleague, None, 1)
    event = case.messages.get()
    assert event.text == "Petra Berg → Ayla Demir\nKennt den Laden"


def test_hand_over_refuses_strangers_the_owner_and_closed_cases(case, manager):
    stranger = MandateFactory().user
    with pytest.raises(ValidationError, match=r"does not work|arbeitet nicht"):
        services.hand_over(case, to=stranger, by=manager, version=0)
    with pytest.raises(ValidationError):
        services.hand_over(case, to=manager, by=manager, version=0)
    services.close(case, outcome="withdrawn", outcome_text="", by=manager, version=0)
    colleague = MandateFactory(centre=case.centre, carrier=case.carrier).user
    with pytest.raises(ValidationError):
        services.hand_over(case, to=colleague, by=manager, version=1)
    assert case.owner == manager


def test_waiting_needs_a_later_day_and_a_word(case, manager):
    today = timezone.localdate()
    for wrong in (today, today + timedelta(days=40_000)):
        with pytest.raises(ValidationError):
            services.wait(case, until=wrong, waiting_for="Amt", by=manager, version=0)
    with pytest.raises(ValidationError):
        services.wait(case, until=today + timedelta(days=1), waiting_for=" ", by=manager, version=0)

    services.wait(case, until=today + timedelta(days=1), waiting_for="Amt", by=manager, version=0)
    services.resume(case, by=manager)

    assert (case.state, case.version) == ("open", 2)
    assert events(case) == ["waiting", "resumed"]
    with pytest.raises(ValidationError):
        services.resume(case, by=manager)


def test_new_promise_moves_the_date_but_not_the_first_one(case, manager):
    first = case.promised_on
    later = timezone.localdate() + timedelta(days=20)

    services.promise(case, reply_by=later, reason="Amt", by=manager, version=0)

    assert (case.reply_by, case.promised_on) == (later, first)
    with pytest.raises(ValidationError):
        services.promise(case, reply_by=date(2020, 1, 1), reason="Amt", by=manager, version=1)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("answered", ""),  # nobody answered
        ("adopted", ""),  # no idea
        ("not_possible", " "),  # no reason
        ("referred", ""),
        ("referred", "Bauamt"),  # nobody took over
        ("nonsense", "x"),
    ],
)
def test_close_refuses_an_outcome_that_is_not_true(case, manager, outcome, words):
    with pytest.raises(ValidationError):
        services.close(case, outcome=outcome, outcome_text=words, by=manager, version=0)

    case.refresh_from_db()
    assert (case.state, case.messages.count()) == ("open", 0)


def test_close_and_reopen(case, manager):
    services.close(case, outcome="not_possible", outcome_text="Kein Platz", by=manager, version=0)
    assert (case.state, case.outcome_text, bool(case.closed_at)) == ("closed", "Kein Platz", True)
    with pytest.raises(ValidationError):
        services.close(case, outcome="withdrawn", outcome_text="", by=manager, version=1)

    services.reopen(case, by=manager)

    assert (case.state, case.outcome, case.outcome_text) == ("open", "", "")
    assert events(case) == ["closed", "reopened"]
    with pytest.raises(ValidationError):
        services.reopen(case, by=manager)


def test_adopted_idea_keeps_text_place_and_author(case, manager):
    MessageFactory(case=case, text="Mehr Bänke!")
    place = {"place": "Markt 1", "latitude": 52.5, "longitude": 13.3}
    Case.objects.filter(pk=case.pk).update(sender_language="en", **place)

    idea = services.adopt_as_idea(case, by=manager, title="Bänke", version=0)

    assert (idea.title, idea.text, idea.place, idea.latitude) == (
        "Bänke",
        "Mehr Bänke!",
        "Markt 1",
        52.5,
    )
    assert idea.author_confirmed_at is None
    follower = IdeaFollower.objects.get()
    told = (follower.email, follower.is_author, follower.language)
    assert told == ("ayse@example.org", True, "en")
    assert (case.idea, case.state) == (idea, "open")
    with pytest.raises(ValidationError):
        services.adopt_as_idea(case, by=manager, title="Bänke", version=1)
    assert Idea.objects.count() == 1


def test_confirming_the_address_later_confirms_the_author_of_the_idea(case, manager):
    idea = services.adopt_as_idea(case, by=manager, title="Bänke", version=0)

    assert services.confirm_email(case) is True
    assert services.confirm_email(case) is False

    idea.refresh_from_db()
    assert idea.author_confirmed_at is not None
    assert events(case) == ["adopted", "confirmed"]


def test_author_may_agree_at_the_desk(case, manager):
    idea = services.adopt_as_idea(case, by=manager, title="Bänke", version=0, author_agreed=True)

    assert idea.author_confirmed_at is not None


def test_actor_of_another_centre_is_not_linked(case, manager):
    services.link_actor(case, actor=ActorFactory(centre=case.centre), by=manager, version=0)
    with pytest.raises(ValidationError):
        services.link_actor(case, actor=ActorFactory(centre=CentreFactory()), by=manager, version=1)

    assert case.actor.centre == case.centre


def test_mark_read_changes_no_version(case):
    services.mark_read(case)

    case.refresh_from_db()
    assert (bool(case.read_at), case.version) == (True, 0)
