from datetime import UTC, date, datetime

import factory
from django.utils.timezone import localdate
from factory.django import DjangoModelFactory

from contacts.models import Case, Consultation, FollowUp, Message, ReminderSettings
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.models import User


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = Case

    reference = factory.Sequence(lambda n: f"V-2026-{n:04d}")
    kind = Case.Kind.ENQUIRY
    channel = Case.Channel.ONLINE
    subject = factory.Sequence(lambda n: f"Anliegen {n}")
    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")
    owner = factory.SubFactory(UserFactory)
    reply_by = date(2026, 11, 27)
    promised_on = factory.SelfAttribute("reply_by")
    promise_ends_on = factory.SelfAttribute("promised_on")
    first_answered_at = None
    promise_kept = factory.LazyAttribute(
        lambda case: (
            case.first_answered_at and localdate(case.first_answered_at) <= case.promise_ends_on
        )
    )
    received_at = datetime(2026, 11, 20, 10, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    case = factory.SubFactory(CaseFactory)
    kind = Message.Kind.INCOMING
    text = "Guten Tag, wann wird die Straße gekehrt?"


class ConsultationFactory(DjangoModelFactory):
    class Meta:
        model = Consultation

    kind = Consultation.Kind.QUESTION
    case = factory.SubFactory(CaseFactory)
    name = "Bauamt"
    email = factory.Sequence(lambda n: f"amt{n}@example.org")
    asked_by = factory.SelfAttribute("case.owner")
    subject = "Tische auf dem Gehweg"
    due_on = date(2099, 1, 5)
    message = factory.SubFactory(
        MessageFactory,
        case=factory.SelfAttribute("..case"),
        kind=Message.Kind.QUESTION,
        author=factory.SelfAttribute("..asked_by"),
        text="Wie breit muss der Gehweg bleiben?",
    )


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")
    assignee = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("assignee")
    due_on = date(2026, 11, 27)
    begins_on = factory.SelfAttribute("due_on")
    text = factory.Sequence(lambda n: f"Nachfragen {n}")


class ReminderSettingsFactory(DjangoModelFactory):
    class Meta:
        model = ReminderSettings

    user = factory.SubFactory(UserFactory)


def want_single_mails():
    """Everybody who has not said otherwise gets a mail of its own for each reminder."""
    silent = User.objects.filter(reminder_settings=None)
    ReminderSettings.objects.bulk_create(
        ReminderSettings(user=user, wants_single=True) for user in silent
    )
