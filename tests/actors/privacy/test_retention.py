from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from actors.models import RetentionProposal, Visit
from actors.privacy import deciding, retention
from contacts.models import Case, Message, ReplyDraft
from tests.actors.privacy.rules import rule_of
from tests.actors.privacy.world import mail
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, RelationFactory
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2015, 3, 31, 10, tzinfo=UTC)
DAY = date(2026, 11, 22)


@pytest.fixture
def centre():
    for data_class in deciding.ACTIONS:
        rule_of(data_class)
    return CentreFactory()


def plant_due(centre):
    """One row of each class whose time is over, one whose time is not."""
    user = UserFactory()
    person = ActorFactory(kind="person", name="Alt", given_name="Anna", centre=centre)
    ActorFactory(kind="person", name="Neu", given_name="Nora", centre=centre)
    busy = ActorFactory(kind="person", name="Chef", given_name="Carl", centre=centre)
    RelationFactory(actor=busy, other=ActorFactory(centre=centre))
    type(person).objects.filter(pk__in=[person.pk, busy.pk]).update(updated_at=LONG_AGO)
    closed = {"state": "closed", "outcome": "adopted", "centre": centre}
    case = CaseFactory(closed_at=LONG_AGO, idea=IdeaFactory(), **closed)
    MessageFactory(case=case)
    fresh = CaseFactory(centre=centre)
    draft = ReplyDraft.objects.create(user=user, case=fresh, text="Entwurf")
    ReplyDraft.objects.filter(pk=draft.pk).update(updated_at=LONG_AGO)
    sent = mail("alt", sent_at=LONG_AGO, centre=centre)
    mail("neu", sent_at=datetime.now(UTC), centre=centre)
    mail("ungesendet", centre=centre)
    visit = Visit.objects.create(actor=busy, user=user, visited_at=LONG_AGO, text="Guten Tag")
    return {"contact": person, "case": case, "draft": draft, "mail": sent, "visit": visit}


def test_rules_propose_what_is_due_once(centre):
    rows = plant_due(centre)

    counts = retention.propose(DAY), retention.propose(DAY)

    assert counts == (5, 0)
    proposed = RetentionProposal.objects.values_list("rule__data_class", "row", "centre")
    assert set(proposed) == {(name, row.pk, centre.pk) for name, row in rows.items()}
    case = RetentionProposal.objects.get(rule__data_class="case")
    assert case.due_on == date(2020, 3, 31)


def test_paused_rule_proposes_nothing_and_an_opened_case_is_taken_back(centre):
    rows = plant_due(centre)
    rule_of("visit", is_active=False)
    assert retention.propose(DAY) == 4
    Case.objects.filter(pk=rows["case"].pk).update(state="open", outcome="", closed_at=None)

    retention.propose(DAY)

    assert set(RetentionProposal.objects.values_list("rule__data_class", flat=True)) == {
        "contact",
        "draft",
        "mail",
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 22), 14, date(2028, 1, 22)),
        (date(2026, 1, 5), -1, date(2025, 12, 5)),
    ],
)
def test_months_end_where_the_month_ends(day, months, expected):
    assert retention.months_after(day, months) == expected


def proposal(name):
    return RetentionProposal.objects.get(rule__data_class=name)


def test_confirmed_case_goes_with_its_words_mails_and_history_and_its_idea_stays(centre):
    rows = plant_due(centre)
    receipt = mail(f"case-{rows['case'].pk}-receipt")
    retention.propose(DAY)
    user = UserFactory()

    with pytest.raises(ValidationError):
        deciding.carry_out(proposal("case"), by=user)
    deciding.carry_out(proposal("case"), by=user, is_offered=True)

    assert not Case.objects.filter(pk=rows["case"].pk).exists()
    assert not Message.objects.exists()
    assert not OutgoingMail.objects.filter(pk=receipt.pk).exists()
    assert rows["case"].idea.__class__.objects.get() == rows["case"].idea
    events = Case._meta.get_field("events").related_model.objects
    assert not events.filter(pgh_obj_id=rows["case"].pk).exists()
    assert (proposal("case").decided_by, proposal("case").is_kept) == (user, False)
    assert rows["case"].reference not in proposal("case").label


@pytest.mark.parametrize(("name", "model"), [("draft", ReplyDraft), ("visit", Visit)])
def test_confirmed_row_is_deleted(centre, name, model):
    plant_due(centre)
    retention.propose(DAY)

    deciding.carry_out(proposal(name), by=UserFactory())

    assert not model.objects.exists()


def test_confirmed_mail_loses_its_words_and_its_recipient(centre):
    row = plant_due(centre)["mail"]
    retention.propose(DAY)

    deciding.carry_out(proposal("mail"), by=UserFactory())

    row.refresh_from_db()
    assert (row.to, row.text, row.sent_at) == ("", "", LONG_AGO)
    assert retention.propose(DAY) == 0


def test_person_is_not_erased_from_the_list(centre):
    plant_due(centre)
    retention.propose(DAY)

    with pytest.raises(ValidationError):
        deciding.carry_out(proposal("contact"), by=UserFactory())


def test_kept_row_needs_a_reason_and_is_not_proposed_again(centre):
    plant_due(centre)
    retention.propose(DAY)
    with pytest.raises(ValidationError):
        deciding.keep(proposal("visit"), by=UserFactory(), reason="")

    deciding.keep(proposal("visit"), by=UserFactory(), reason="Rechtsstreit")

    assert (Visit.objects.count(), retention.propose(DAY)) == (1, 0)
    with pytest.raises(ValidationError):
        deciding.carry_out(proposal("visit"), by=UserFactory())


def test_row_that_is_no_longer_due_is_refused(centre):
    rows = plant_due(centre)
    retention.propose(DAY)
    Visit.objects.filter(pk=rows["visit"].pk).update(visited_at=datetime.now(UTC))

    with pytest.raises(ValidationError):
        deciding.carry_out(proposal("visit"), by=UserFactory())

    assert Visit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_two_decisions_at_once_wins(monkeypatch):
    meet_before(monkeypatch, retention, "is_due")
    rule_of("visit")
    visit = Visit.objects.create(actor=ActorFactory(), user=UserFactory(), visited_at=LONG_AGO)
    retention.propose(DAY)
    users = [UserFactory(), UserFactory()]

    results = run_at_once(lambda: deciding.carry_out(proposal("visit"), by=users.pop()), times=2)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "ValidationError"]
    assert not Visit.objects.filter(pk=visit.pk).exists()
