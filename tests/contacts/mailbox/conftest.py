from datetime import UTC, datetime
from io import BytesIO

import pytest

from contacts.cases.models import Case
from contacts.mailbox import processing, storing
from contacts.models import IncomingMail, Mailbox, MailIdentifier, Message
from tests.contacts.mailbox.corpus import building
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory

ANSWERED_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def manager(db):
    return MandateFactory(centre=CentreFactory(), user__name="Petra Berg").user


@pytest.fixture
def mailbox(manager):
    mandate = manager.mandates.get()
    return Mailbox.objects.create(
        name="Anlaufstelle",
        address=building.DESK,
        carrier=mandate.carrier,
        centre=mandate.centre,
    )


@pytest.fixture
def known(mailbox, manager):
    """A closed case of Jo, begun by mail, which the office answered by mail."""
    case = CaseFactory(
        reference=building.REFERENCE,
        subject="Kehren",
        sender_email=building.SENDER,
        centre=mailbox.centre,
        carrier=mailbox.carrier,
        owner=manager,
        state=Case.State.CLOSED,
        outcome=Case.Outcome.ANSWERED,
        closed_at=ANSWERED_AT,
        first_answered_at=ANSWERED_AT,
        first_answer_days=0,
    )
    first = IncomingMail.objects.create(
        mailbox=mailbox,
        fingerprint="first",
        action="new_case",
        case=case,
        people=[building.SENDER, building.DESK],
    )
    MailIdentifier.objects.create(mail=first, value=building.JO_ID)
    mail = OutgoingMailFactory(
        key="corpus-answer",
        message_id=building.OUR_ID,
        to=building.SENDER,
        sent_at=ANSWERED_AT,
        centre=mailbox.centre,
    )
    MessageFactory(case=case, kind=Message.Kind.OUTGOING, author=manager, mail=mail)
    UserFactory(email=building.COLLEAGUE)
    return case


@pytest.fixture
def take_in(mailbox):
    """Keep and understand a mail, as the worker does; returns its row."""

    def take_in(raw, box=None):
        mail, _is_new = storing.store(box or mailbox, BytesIO(raw))
        processing.process(mail.pk)
        mail.refresh_from_db()
        return mail

    return take_in
