"""Two people press at the same moment: one of them wins, nothing is overwritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.cases import drafts, services
from contacts.models import Case, Message, ReplyDraft
from projects.models import Idea
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory
from tests.factories.office import MandateFactory
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case():
    mandate = MandateFactory()
    return CaseFactory(centre=mandate.centre, owner=mandate.user, sender_email="a@example.org")


def winners(results):
    assert [
        r for r in results if isinstance(r, Exception) and not isinstance(r, ValidationError)
    ] == []
    return [result for result in results if not isinstance(result, ValidationError)]


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_one_of_many_replies_is_sent(case):
    def reply():
        return services.reply(fresh(case), author=case.owner, text="Gern.", version=0)

    assert len(winners(run_at_once(reply))) == 1
    assert OutgoingMail.objects.count() == 1
    assert fresh(case).version == 1


def test_one_of_many_closes(case):
    def close():
        services.close(fresh(case), outcome="withdrawn", outcome_text="", by=case.owner, version=0)

    assert len(winners(run_at_once(close))) == 1
    assert Message.objects.filter(event="closed").count() == 1


def test_reply_and_hand_over_do_not_overwrite_each_other(case):
    colleague = MandateFactory(centre=case.centre).user
    steps = [
        lambda: services.reply(fresh(case), author=case.owner, text="Gern.", version=0),
        lambda: services.hand_over(fresh(case), to=colleague, by=case.owner, version=0),
    ]

    def step():
        return steps.pop()()

    assert len(winners(run_at_once(step, times=2))) == 1
    assert Message.objects.count() == 1


def test_case_is_adopted_once(case):
    def adopt():
        return services.adopt_as_idea(fresh(case), by=case.owner, title="Bänke", version=0)

    assert len(winners(run_at_once(adopt))) == 1
    assert Idea.objects.count() == 1


def test_message_of_the_sender_arrives_once_and_opens_once(case):
    services.close(case, outcome="withdrawn", outcome_text="", by=case.owner, version=0)

    run_at_once(lambda: services.add_incoming(fresh(case), text="Doch!"))

    assert Message.objects.filter(kind="incoming").count() == 1
    assert Message.objects.filter(event="reopened").count() == 1


def test_address_is_confirmed_once(case):
    assert sorted(run_at_once(lambda: services.confirm_email(fresh(case)))) == [False] * 3 + [True]
    assert Message.objects.filter(event="confirmed").count() == 1


def test_note_is_written_once(case):
    run_at_once(lambda: services.add_note(fresh(case), author=case.owner, text="Intern"))

    assert Message.objects.count() == 1


def test_waiting_is_ended_once(case):
    until = timezone.localdate() + timedelta(days=3)
    services.wait(case, until=until, waiting_for="Amt", by=case.owner, version=0)

    results = run_at_once(lambda: services.resume(fresh(case), by=case.owner))

    assert len(winners(results)) == 1


def test_draft_that_is_begun_at_once_is_one(case):
    """Two tabs of one person; each saves every few seconds."""
    results = run_at_once(lambda: drafts.save(case.owner, case, text="Guten Tag"))

    assert {type(result) for result in results} == {ReplyDraft}
    assert ReplyDraft.objects.get().text == "Guten Tag"
