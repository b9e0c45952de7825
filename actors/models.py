"""Re-exports the models of the slices."""

from actors.directory.models import Actor, Address, EmailAddress, PhoneNumber, Sector
from actors.directory.relations import Relation
from actors.exchange.models import ImportRow, ImportRun, SourceRecord

__all__ = [
    "Actor",
    "Address",
    "EmailAddress",
    "ImportRow",
    "ImportRun",
    "PhoneNumber",
    "Relation",
    "Sector",
    "SourceRecord",
]
