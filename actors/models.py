"""Re-exports the models of the slices."""

from actors.bodies.models import Body, Quota, Seat
from actors.care.models import ContactPerson, Handover, Round, Visit
from actors.directory.models import Actor, ActorNote, Address, EmailAddress, PhoneNumber, Sector
from actors.directory.relations import Relation
from actors.duplicates.models import Candidate, Merge
from actors.exchange.models import (
    ImportRow,
    ImportRun,
    LetterTemplate,
    SavedMapping,
    SourceRecord,
)
from actors.expertise.models import Expertise, FieldOfExpertise
from actors.network.models import Introduction
from actors.premises.models import Occupancy, Unit
from actors.premises.requests import SpaceRequest
from actors.premises.walks import Sighting, Walk
from actors.privacy.models import Consent, Disclosure, Erasure, RetentionProposal, RetentionRule

__all__ = [
    "Actor",
    "ActorNote",
    "Address",
    "Body",
    "Candidate",
    "Consent",
    "ContactPerson",
    "Disclosure",
    "EmailAddress",
    "Erasure",
    "Expertise",
    "FieldOfExpertise",
    "Handover",
    "ImportRow",
    "ImportRun",
    "Introduction",
    "LetterTemplate",
    "Merge",
    "Occupancy",
    "PhoneNumber",
    "Quota",
    "Relation",
    "RetentionProposal",
    "RetentionRule",
    "Round",
    "SavedMapping",
    "Seat",
    "Sector",
    "Sighting",
    "SourceRecord",
    "SpaceRequest",
    "Unit",
    "Visit",
    "Walk",
]
