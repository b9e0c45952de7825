"""Two press at the same moment: one of them wins."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from contacts.consultations import services
from contacts.consultations.services import Letter, Recipient, Via
from contacts.models import Case, Consultation, Message
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory, ConsultationFactory
from tests.factories.office import MandateFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case():
    mandate = MandateFactory()
    return CaseFactory(centre=mandate.centre, owner=mandate.user)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def winners(results):
    broken = [r for r in results if isinstance(r, Exception) and not isinstance(r, ValidationError)]
    assert broken == []
    return [result for result in results if not isinstance(result, ValidationError)]


def test_question_is_sent_once(case):
    letter = Letter(Recipient("Amt", "amt@example.org"), "Tische", "Wie breit?", date(2099, 1, 5))

    results = run_at_once(lambda: services.ask(fresh(case), letter, by=case.owner, version=0))

    assert len(winners(results)) == 1
    assert Consultation.objects.count() == 1


def test_link_takes_one_of_many_answers(case):
    asked = ConsultationFactory(case=case)

    results = run_at_once(lambda: services.answer(fresh(asked), text="Ja", via=Via.LINK))

    assert len(winners(results)) == 1
    assert Message.objects.filter(kind=Message.Kind.ADVICE).count() == 1


def test_answer_and_withdrawal_do_not_both_happen(case):
    asked = ConsultationFactory(case=case)
    steps = [
        lambda: services.answer(fresh(asked), text="Ja", via=Via.LINK),
        lambda: services.withdraw(fresh(asked), by=case.owner),
    ]

    def step():
        return steps.pop()()

    results = run_at_once(step, times=2)

    assert len(winners(results)) == 1


def test_referral_is_taken_over_once(case):
    referral = ConsultationFactory(case=case, kind="referral")

    results = run_at_once(lambda: services.take_over(fresh(referral)))

    assert len(winners(results)) == 1
    assert Case.objects.get().version == 1
