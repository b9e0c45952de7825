"""Taking an answer back within its 20 seconds, beside workers and other people."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services, undoing
from contacts.models import Case, Message, ReplyDraft
from tests.concurrency import meet_before, run_at_once, run_beside_locked
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory
from tests.zentrum.mail.conftest import smtp_server
from zentrum.accounts.roles import Role
from zentrum.files import services as files
from zentrum.mail import delivering, tasks
from zentrum.mail.models import OutgoingMail

__all__ = ["smtp_server"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queued(settings, monkeypatch):
    settings.UNDO_SECONDS = 20
    ids = []
    monkeypatch.setattr(
        tasks.deliver, "apply_async", lambda args, countdown: ids.append((*args, countdown))
    )
    return ids


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


@pytest.fixture
def case(manager):
    centre = manager.mandates.get().centre
    case = CaseFactory(centre=centre, owner=manager, sender_email="laden@example.org")
    MessageFactory(case=case)
    return case


def answer(client, case, **changes):
    data = {
        "to": "laden@example.org",
        "cc": "amt@example.org",
        "text": "Guten Tag, gern.",
        "by_mail": "on",
        "then": "close",
        "version": case.version,
    } | changes
    upload = SimpleUploadedFile("plan.txt", b"Plan")
    values = {f"reply-{name}": value for name, value in data.items()} | {"reply-files": upload}
    assert client.post(reverse("contacts:case_reply", args=[case.pk]), values).status_code == 302
    return Message.objects.get(case=case, kind="outgoing")


def take_back(case, message, manager):
    return undoing.take_back(Case.objects.get(pk=case.pk), message.pk, by=manager)


def deliver(message):
    return delivering.deliver(message.mail_id)


def state(case):
    return undoing.snapshot(Case.objects.get(pk=case.pk))


@pytest.mark.parametrize("then", ["close", "keep", "wait"])
def test_taken_back_everything_is_as_before_and_the_text_a_draft(client, case, manager, then):
    before, entries = state(case), set(case.messages.values_list("pk", flat=True))
    message = answer(client, case, then=then)
    assert state(case) != before

    response = client.post(
        reverse("contacts:reply_take_back", args=[case.pk, message.pk]), follow=True
    )

    assert state(case) == before
    assert set(case.messages.values_list("pk", flat=True)) == entries
    assert OutgoingMail.objects.count() == 0
    form = response.context["reply_form"]
    assert form["text"].value() == "Guten Tag, gern."
    assert (form["to"].value(), form["cc"].value()) == ("laden@example.org", "amt@example.org")
    assert [str(file) for file in form.fields["kept"].queryset] == ["plan.txt"]
    with files.StoredFile.objects.get().content.open() as content:
        assert content.read() == b"Plan"


def test_it_can_be_sent_again_after_that(client, case, manager):
    take_back(case, answer(client, case), manager)

    case.refresh_from_db()
    answer(client, case, text="Besser")

    assert OutgoingMail.objects.count() == 2
    assert Message.objects.get(kind="outgoing").text == "Besser"


def test_the_delivery_is_held_for_twenty_seconds(client, case, queued, smtp_server):
    answer(client, case)

    mails = list(OutgoingMail.objects.order_by("pk"))

    assert queued == [(mail.pk, 20) for mail in mails]
    assert not any(delivering.deliver(mail.pk) for mail in mails)
    assert client.get(case.get_absolute_url()).context["held"]
    assert not OutgoingMail.objects.due().exists()


def test_the_sender_does_not_read_it_before_it_is_sent(client, case):
    message = answer(client, case)
    assert message not in case.messages.for_sender()

    OutgoingMail.objects.update(next_attempt_at=timezone.now())

    assert message in case.messages.for_sender()


def test_a_mail_that_a_worker_has_sent_stays_sent(client, case, manager, smtp_server):
    message = answer(client, case)
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    delivering.deliver(message.mail_id)

    with pytest.raises(ValidationError) as refusal:
        take_back(case, message, manager)

    assert refusal.value.code == "sent"
    assert OutgoingMail.objects.count() == 2
    assert not ReplyDraft.objects.exists()


def test_a_mail_that_a_worker_is_sending_is_not_taken_back(client, case, manager):
    message = answer(client, case)
    copy = OutgoingMail.objects.filter(copy_of__isnull=False)

    with pytest.raises(ValidationError) as refusal:
        run_beside_locked(copy, lambda: take_back(case, message, manager))

    assert refusal.value.code == "sent"
    assert Message.objects.filter(pk=message.pk).exists()


def test_worker_and_undo_at_the_same_moment(client, case, manager, smtp_server):
    """Whoever is first: the mail is sent and stays, or it is gone and nobody gets it."""
    message = answer(client, case, cc="")
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    calls = iter([lambda: take_back(case, message, manager), lambda: deliver(message)])

    results = run_at_once(lambda: next(calls)(), times=2)  # noqa: PLW0108 - each its own

    taken_back = any(isinstance(result, ReplyDraft) for result in results)
    assert len(smtp_server.messages) == (0 if taken_back else 1)
    assert Message.objects.filter(pk=message.pk).exists() is not taken_back


def test_the_button_pressed_twice_takes_back_once(client, case, manager, monkeypatch):
    message = answer(client, case)
    meet_before(monkeypatch, undoing, "_draft_again")

    results = run_at_once(lambda: take_back(case, message, manager), times=2)

    assert sorted(getattr(result, "code", "done") for result in results) == ["done", "late"]
    assert ReplyDraft.objects.get().text == "Guten Tag, gern."


def test_what_somebody_else_changed_since_is_not_undone(client, case, manager):
    message = answer(client, case, then="keep")
    case.refresh_from_db()
    services.close(case, outcome="answered", outcome_text="", by=manager, version=case.version)

    with pytest.raises(ValidationError) as refusal:
        take_back(case, message, manager)

    assert refusal.value.code == "stale"
    assert OutgoingMail.objects.count() == 2


def test_a_confirmed_address_stays_confirmed(client, case, manager):
    message = answer(client, case)
    services.confirm_email(case)

    take_back(case, message, manager)

    case.refresh_from_db()
    assert case.email_confirmed_at


def test_only_the_author_takes_an_answer_back(client, case, sign_in):
    message = answer(client, case)
    other = sign_in(Role.MANAGER, centre=case.centre, carrier=case.carrier)

    with pytest.raises(ValidationError) as refusal:
        take_back(case, message, other)

    assert refusal.value.code == "late"
    assert client.get(case.get_absolute_url()).context["held"] is None


def test_answer_of_another_case_is_not_found(client, case):
    foreign = MessageFactory()

    url = reverse("contacts:reply_take_back", args=[case.pk, foreign.pk])

    assert client.post(url).status_code == 404


def test_what_was_begun_since_is_kept_below(client, case, manager):
    message = answer(client, case)
    ReplyDraft.objects.create(user=manager, case=case, text="Noch etwas:")

    take_back(case, message, manager)

    assert ReplyDraft.objects.get().text == "Guten Tag, gern.\n\nNoch etwas:"


def test_after_the_time_the_page_offers_nothing(client, case):
    answer(client, case)
    OutgoingMail.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))

    assert client.get(case.get_absolute_url()).context["held"] is None
