"""Re-exports the models of the slices."""

from contacts.cases.models import Attachment, Case, Message, ReplyDraft, SearchDocument
from contacts.followups.models import Reminder, Tick
from contacts.intake.models import Submission

__all__ = [
    "Attachment",
    "Case",
    "Message",
    "Reminder",
    "ReplyDraft",
    "SearchDocument",
    "Submission",
    "Tick",
]
