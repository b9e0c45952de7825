"""What tables and columns are called in an Auskunft, and in which order the tables are read.

Models name what the office sees on its pages. Here stand the rest: an actor reads them too.
"""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.privacy.tracing import Model

FORMER = "former"  # the section of values that stood here once
# Who somebody is, how to reach them, what they agreed to, what is known, what they wrote.
READ_FIRST = (
    "actors.actor",
    "actors.emailaddress",
    "actors.phonenumber",
    "actors.address",
    "actors.consent",
    "actors.contactperson",
    "actors.relation",
    "actors.body",
    "actors.seat",
    "actors.expertise",
    "actors.unit",
    "actors.occupancy",
    "actors.spacerequest",
    "actors.actornote",
    "actors.visit",
    "actors.introduction",
    "contacts.case",
    "contacts.submission",
    "contacts.message",
    "contacts.consultation",
    "projects.idea",
    "projects.ideafollower",
    "projects.projectfollower",
    "projects.supporter",
    "projects.comment",
    "projects.participant",
    "contacts.incomingmail",
    "mail.outgoingmail",
    "files.storedfile",
)
READ_LAST = ("actors.sourcerecord", "actors.importrow", FORMER)
TABLES = {
    "actors.importrow": gettext_lazy("Rows of imported files"),
    "actors.sourcerecord": gettext_lazy("Rows of the sources"),
    "contacts.replydraft": gettext_lazy("Drafts of answers"),
    "projects.ideafollower": gettext_lazy("Followed ideas"),
    "projects.projectfollower": gettext_lazy("Followed projects"),
}
COLUMNS = {
    "action": gettext_lazy("What was done"),
    "actor": gettext_lazy("Actor"),
    "answer": gettext_lazy("Answer"),
    "applied_at": gettext_lazy("taken over at"),
    "asked_by": gettext_lazy("asked by"),
    "author": gettext_lazy("written by"),
    "begins_on": gettext_lazy("first planned for"),
    "body": gettext_lazy("Body"),
    "by": gettext_lazy("done by"),
    "by_mail": gettext_lazy("came or went by mail"),
    "carrier": gettext_lazy("Carrier"),
    "case": gettext_lazy("Case"),
    "cc": gettext_lazy("Copy to"),
    "cc_header": gettext_lazy("Copy to"),
    "centre": gettext_lazy("Centre"),
    "copy_of": gettext_lazy("copy of"),
    "created_by": gettext_lazy("entered by"),
    "detail": gettext_lazy("Details"),
    "discarded_at": gettext_lazy("discarded at"),
    "draft": gettext_lazy("Draft of an answer"),
    "event": gettext_lazy("What happened"),
    "external_id": gettext_lazy("Identifier in the source"),
    "holds_case": gettext_lazy("the case waits for it"),
    "idea": gettext_lazy("Idea"),
    "is_author": gettext_lazy("handed it in"),
    "is_automatic": gettext_lazy("written by the portal itself"),
    "is_bounce_permanent": gettext_lazy("cannot be delivered for good"),
    "is_confidential": gettext_lazy("confidential"),
    "is_responsible": gettext_lazy("says to be responsible"),
    "language": gettext_lazy("language"),
    "last_incoming_at": gettext_lazy("last heard from at"),
    "last_outgoing_at": gettext_lazy("last written to at"),
    "mailbox": gettext_lazy("Mailbox"),
    "message": gettext_lazy("Message"),
    "number": gettext_lazy("row of the file"),
    "partner": gettext_lazy("written to or by"),
    "people": gettext_lazy("people in the mail"),
    "processed_at": gettext_lazy("sorted at"),
    "project": gettext_lazy("Project"),
    "raw": gettext_lazy("as it came"),
    "reason": gettext_lazy("Reason"),
    "reply_to": gettext_lazy("answers go to"),
    "round": gettext_lazy("Round"),
    "run": gettext_lazy("Import"),
    "sender_language": gettext_lazy("language"),
    "settled_at": gettext_lazy("settled at"),
    "settled_by": gettext_lazy("settled by"),
    "shares_sender": gettext_lazy("the sender is named to them"),
    "stopped_at": gettext_lazy("stopped at"),
    "stranger": gettext_lazy("written from another address"),
    "submitted_at": gettext_lazy("sent at"),
    "suggested": gettext_lazy("perhaps belongs to"),
    "text": gettext_lazy("Text"),
    "to": gettext_lazy("To"),
    "to_header": gettext_lazy("To"),
    "uploaded_by": gettext_lazy("stored by"),
    "user": gettext_lazy("Person at the office"),
    "values": gettext_lazy("Values"),
    "parked_by": gettext_lazy("parked by"),
    "person": gettext_lazy("Person in one spelling"),
}


def title_of(key: str) -> str:
    """What a section is called: the plural of its table, or that of the former values."""
    if key == FORMER:
        return _("Former values")
    return str(TABLES.get(key) or apps.get_model(key)._meta.verbose_name_plural)


def kind_of(model: Model) -> str:
    """What one row is called, where many kinds stand in one table."""
    return str(TABLES.get(model._meta.label_lower) or model._meta.verbose_name)


def label_of(column: models.Field) -> str:
    """What a column is called: by its model if that says a word of its own, else by COLUMNS."""
    named = isinstance(column.verbose_name, Promise)
    return str(column.verbose_name if named else COLUMNS.get(column.name, column.verbose_name))


def in_reading_order(keys: Iterable[str]) -> list[str]:
    """Keys of sections as a person wants to read them; what has no place goes before the last."""
    places = {key: place for place, key in enumerate(READ_FIRST)}
    places |= {key: 1000 + place for place, key in enumerate(READ_LAST)}
    return sorted(keys, key=lambda key: (places.get(key, 500), key))
