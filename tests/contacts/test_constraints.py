"""What the database refuses in the tables of the desk, whoever writes them."""

from datetime import UTC, date, datetime

import pytest

from contacts.followups.models import Reminder
from contacts.models import IncomingMail, Mailbox, Submission
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import CentreFactory
from tests.refusals import change, refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def reminder():
    case = CaseFactory()
    return Reminder.objects.create(
        key="k", kind="reply_today", case=case, owner=case.owner, occurs_on=date.min, due_at=NOW
    )


def mailbox():
    centre = CentreFactory()
    return Mailbox.objects.create(
        name="Post", address="post@stadt.example", carrier=centre.carrier, centre=centre
    )


def incoming_mail():
    return IncomingMail.objects.create(mailbox=mailbox(), fingerprint="a")


def submission():
    return Submission.objects.create()


@pytest.mark.parametrize(
    ("name", "make", "values"),
    [
        ("case_closed_with_outcome", CaseFactory, {"state": "closed"}),
        ("case_closed_with_outcome", CaseFactory, {"outcome": "answered"}),
        ("case_position_whole", CaseFactory, {"latitude": 52.0}),
        ("message_event_named", MessageFactory, {"event": "closed"}),
        ("message_answer_has_author", MessageFactory, {"kind": "outgoing"}),
        ("consultation_settled_with_moment", ConsultationFactory, {"settled_at": NOW}),
        ("consultation_settled_with_moment", ConsultationFactory, {"state": "answered"}),
        (
            "consultation_state_of_kind",
            ConsultationFactory,
            {"state": "taken_over", "settled_at": NOW},
        ),
        ("reminder_about_one_thing", reminder, {"case": None}),
        ("reminder_about_one_thing", reminder, {"kind": "digest"}),
        (
            "reminder_sent_or_skipped",
            reminder,
            {"sent_at": NOW, "skipped_at": NOW, "skipped_reason": "x"},
        ),
        ("reminder_skipped_with_reason", reminder, {"skipped_at": NOW}),
        ("submission_quarantined_with_reason", submission, {"quarantined_at": NOW}),
        ("incoming_mail_held_back_with_reason", incoming_mail, {"action": "quarantined"}),
        ("mailbox_knows_how_to_sign_in", mailbox, {"host": "imap.stadt.example"}),
    ],
)
def test_row_that_must_not_be_is_refused(name, make, values):
    row = make()

    with refused(name):
        change(row, **values)
