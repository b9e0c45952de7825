"""What seldom happens between the desk and another office, and must go well all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services as cases
from contacts.cases.conversing import TWIN_WITHIN
from contacts.consultations import answering, hearing, services
from contacts.consultations.services import Via
from contacts.models import Case, Consultation, Message
from tests.concurrency import wait_until_blocked_or_done
from tests.factories.contacts import CaseFactory, ConsultationFactory
from tests.factories.office import MandateFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db
FAR = date(2099, 1, 5)


@pytest.fixture
def case():
    mandate = MandateFactory()
    return CaseFactory(centre=mandate.centre, owner=mandate.user)


def upload():
    return SimpleUploadedFile("skizze.txt", b"Skizze")


def advice(case):
    return case.messages.filter(kind=Message.Kind.ADVICE)


def test_withdrawn_question_leaves_a_case_that_waits_for_something_else(case):
    asked = ConsultationFactory(case=case, holds_case=False)
    cases.wait(case, until=FAR, waiting_for="den Absender", by=case.owner, version=0)

    services.withdraw(asked, by=case.owner)

    assert Case.objects.get().state == Case.State.WAITING


def test_closed_case_keeps_its_outcome_when_they_take_over_later(case):
    referral = ConsultationFactory(case=case, kind="referral")
    withdrawn = {"outcome": "withdrawn", "outcome_text": "Erledigt", "version": 0}
    with_referral = Consultation.objects.filter(pk=referral.pk)
    with_referral.update(state="withdrawn", settled_at=timezone.now())
    cases.close(case, by=case.owner, **withdrawn)
    with_referral.update(state="asked", settled_at=None)

    services.take_over(referral)

    assert (Case.objects.get().outcome, referral.state) == ("withdrawn", "taken_over")
    assert advice(case).count() == 1


def test_same_words_much_later_are_a_new_answer(case):
    asked = ConsultationFactory(case=case)
    services.answer(asked, text="Noch nicht.", via=Via.MAIL)

    with time_machine.travel(timezone.now() + TWIN_WITHIN + timedelta(seconds=1), tick=False):
        services.answer(asked, text="Noch nicht.", via=Via.MAIL)

    assert advice(case).count() == 2


def test_answer_that_a_colleague_noted_is_unread_for_the_owner(case):
    Case.objects.update(read_at=timezone.now())
    asked = ConsultationFactory(case=case)
    colleague = MandateFactory(role=Role.DESK, centre=case.centre).user

    services.note_answer(asked, text="Ja.", by=colleague)

    assert Case.objects.get().read_at is None


def test_answer_that_comes_too_late_leaves_no_file(case):
    asked = ConsultationFactory(case=case, state="answered", settled_at=timezone.now())
    data = {"text": "Ja.", "files": [upload()], "decision": "answer"}

    with pytest.raises(ValidationError):
        answering.take_in(asked, data, via=Via.LINK)

    assert not StoredFile.objects.exists()


def test_refused_question_leaves_no_file(client, sign_in):
    case = CaseFactory(version=3)
    sign_in(Role.MANAGER, centre=case.centre)
    words = {"recipient": "Bauamt", "email": "amt@example.org", "subject": "Tische"}
    words |= {"text": "Wie breit?", "due_on": "2099-01-05", "version": 2, "files": upload()}
    data = {f"ask-{name}": value for name, value in words.items()}

    page = client.post(reverse("contacts:consultation_create", args=[case.pk]), data)

    assert page.context["form"].non_field_errors()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_draft_that_is_saved_while_a_mail_comes_in_is_kept(case, monkeypatch):
    """A referral stays open after a mail: what they are writing must not go back to what it was."""
    referral = ConsultationFactory(case=case, kind="referral", draft="Alt")
    said_before = hearing.said_before

    def save_draft():
        try:
            Consultation.objects.open().filter(pk=referral.pk).update(draft="Neu")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def meanwhile(*args):
            wait_until_blocked_or_done(pool.submit(save_draft))
            return said_before(*args)

        monkeypatch.setattr(hearing, "said_before", meanwhile)
        services.answer(referral, text="Wir sehen nach.", via=Via.MAIL)

    assert Consultation.objects.get().draft == "Neu"
