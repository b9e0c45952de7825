"""Re-exports the models of the slices."""

from contacts.cases.messages import Attachment, Message, ReplyDraft, SearchDocument
from contacts.cases.models import Case
from contacts.cases.periods import ReplyPeriod
from contacts.cases.presence import Presence
from contacts.cases.wording import AnswerTemplate, Signature
from contacts.consultations.models import Consultation
from contacts.followups.follow_ups import FollowUp
from contacts.followups.models import Reminder, Tick
from contacts.followups.preferences import ReminderSettings
from contacts.intake.models import Submission
from contacts.mailbox.models import IncomingMail, Mailbox, MailIdentifier

__all__ = [
    "AnswerTemplate",
    "Attachment",
    "Case",
    "Consultation",
    "FollowUp",
    "IncomingMail",
    "MailIdentifier",
    "Mailbox",
    "Message",
    "Presence",
    "Reminder",
    "ReminderSettings",
    "ReplyDraft",
    "ReplyPeriod",
    "SearchDocument",
    "Signature",
    "Submission",
    "Tick",
]
