"""Give and withdraw consents. Their rows lie above and are reached by name (`actor.consents`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import DIRECTORY, Actor

TEXT_VERSION = "2026-11"  # of the sentence that the form of an actor shows
NOT_OF_A_PERSON = _("A person is not listed in the public directory.")
ONLY_LISTED = (DIRECTORY, "contact_data")  # purposes that a person cannot consent to


@dataclass(frozen=True)
class Listing:
    """What the form of an actor says about the public directory, and how the office knows it."""

    is_agreed: bool
    on: date
    source: str = ""


@transaction.atomic
def give_consent(actor: Actor, purpose: str, *, on: date, source: str, text_version: str) -> Any:
    """Note that an actor agreed. Given once more it stays as it was: the first note counts.

    Raises ValidationError if a person is to be shown in public, which never happens.
    """
    _lock(actor)
    if existing := actor.consents.filter(purpose=purpose, withdrawn_on__isnull=True).first():
        return existing
    consent = actor.consents.model(
        actor=actor, purpose=purpose, given_on=on, source=source, text_version=text_version
    )
    if actor.kind == Actor.Kind.PERSON and purpose in ONLY_LISTED:
        raise ValidationError(NOT_OF_A_PERSON)
    consent.full_clean()
    consent.save()
    return consent


@transaction.atomic
def withdraw_consent(actor: Actor, purpose: str, *, on: date) -> None:
    """Note since when an agreement no longer holds; the row stays as the proof that there was one.

    Raises ValidationError if this day lies before the agreement.
    """
    _lock(actor)
    for consent in actor.consents.filter(purpose=purpose, withdrawn_on__isnull=True):
        consent.withdrawn_on = on
        consent.full_clean()
        consent.save()


def note_listing(actor: Actor, listing: Listing) -> None:
    """Make the consent to the public directory what the form of the actor says."""
    if listing.is_agreed:
        give_consent(
            actor, DIRECTORY, on=listing.on, source=listing.source, text_version=TEXT_VERSION
        )
    else:
        for purpose in ONLY_LISTED:
            withdraw_consent(actor, purpose, on=listing.on)


def past_day(day: date | None) -> date:
    """The day itself, today when there is none. Raises ValidationError for a day to come."""
    today = timezone.localdate()
    if day and day > today:
        raise ValidationError(_("This day lies in the future."))
    return day or today


def is_listed(actor: Actor) -> bool:
    return bool(actor.pk) and Actor.objects.consenting(DIRECTORY).filter(pk=actor.pk).exists()


def _lock(actor: Actor) -> None:
    """Two people press at once: the second one finds what the first one noted."""
    Actor.objects.select_for_update(no_key=True).get(pk=actor.pk)
