"""Write an actor with everything that belongs to it, archive it, end its relations."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.consenting import Listing, note_listing
from actors.directory.models import Actor, Address, Sector
from actors.directory.relations import Relation

STALE = _("Somebody else changed this actor in the meantime. Both versions are shown below.")


@dataclass
class Contact:
    """How to reach an actor: rows of e-mail addresses and phone numbers, one main address."""

    emails: list[dict[str, Any]] = field(default_factory=list)
    phones: list[dict[str, Any]] = field(default_factory=list)
    address: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor) -> "Contact":
        """What is stored of an actor, in the shape that forms use."""
        address = actor.addresses.filter(is_main=True).first() or Address()
        place = None if address.latitude is None else (address.latitude, address.longitude)
        return cls(
            emails=[dict(row) for row in actor.emails.values("email", "label", "is_main")],
            phones=[dict(row) for row in actor.phones.values("number", "label")],
            address={
                "street": address.street,
                "postcode": address.postcode,
                "town": address.town,
                "place": place,
            },
        )


@transaction.atomic
def create_actor(
    actor: Actor, *, sectors: list[Sector], contact: Contact, listing: Listing | None = None
) -> Actor:
    """Save a new actor with its rows. The same form sent twice gives the first actor back."""
    if actor.submission:
        _one_at_a_time(str(actor.submission))
        if existing := Actor.objects.filter(submission=actor.submission).first():
            return existing
    actor.full_clean()
    actor.save()
    _save_rows(actor, sectors, contact)
    if listing:
        note_listing(actor, listing)
    return actor


@transaction.atomic
def update_actor(
    actor: Actor,
    *,
    sectors: list[Sector],
    contact: Contact,
    version: int | None,
    listing: Listing | None = None,
) -> Actor:
    """Save a changed actor with its rows, if nobody else did since `version` was shown.

    Raises ValidationError with the code "stale" otherwise. The row lock lets two people save at
    once: one of them wins, the other one hears of it.
    """
    _lock(actor, version)
    actor.version += 1
    actor.full_clean()
    if listing and not listing.is_agreed:
        note_listing(actor, listing)  # first: who becomes a person must not be listed any more
    actor.save()
    _save_rows(actor, sectors, contact)
    if listing and listing.is_agreed:
        note_listing(actor, listing)
    return actor


@transaction.atomic
def archive_actor(actor: Actor) -> None:
    """Take an actor out of the lists; nothing about it is lost."""
    _set_archived(actor, timezone.now())


@transaction.atomic
def unarchive_actor(actor: Actor) -> None:
    _set_archived(actor, None)


def end_relation(relation: Relation, *, on: date) -> None:
    """Note that a relation held until this day. Raises ValidationError if it began later."""
    relation.ends_on = on
    relation.full_clean()
    relation.save()


def _lock(actor: Actor, version: int | None) -> None:
    locked = Actor.objects.select_for_update().filter(pk=actor.pk)
    if locked.values_list("version", flat=True).get() != version:
        raise ValidationError(STALE, code="stale")


def _one_at_a_time(key: str) -> None:
    """Two transactions with the same key wait for each other (until commit)."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _set_archived(actor: Actor, moment: Any) -> None:
    actor.refresh_from_db(from_queryset=Actor.objects.select_for_update())
    if (actor.archived_at is None) == (moment is None):
        return
    actor.archived_at = moment
    actor.version += 1
    actor.save(update_fields=["archived_at", "version", "updated_at"])


def _save_rows(actor: Actor, sectors: list[Sector], contact: Contact) -> None:
    actor.sectors.set(sectors)
    emails = [row.copy() for row in contact.emails]
    if emails and not any(row["is_main"] for row in emails):
        emails[0]["is_main"] = True
    _sync(actor.emails, "email", sorted(emails, key=lambda row: row["is_main"]))
    _sync(actor.phones, "number", contact.phones)
    _save_address(actor, contact.address)


def _sync(rows: models.Manager, key: str, wanted: list[dict[str, Any]]) -> None:
    """Make the stored rows those that are wanted; a row that stays as it is is not written."""
    stored = {getattr(row, key): row for row in rows.all()}
    for value in stored.keys() - {row[key] for row in wanted}:
        stored.pop(value).delete()
    for values in wanted:
        row = stored.get(values[key])
        if row is None:
            rows.create(**values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


def _save_address(actor: Actor, given: dict[str, Any]) -> None:
    latitude, longitude = given.get("place") or (None, None)
    values = {name: given.get(name, "") for name in ("street", "postcode", "town")}
    values |= {"latitude": latitude, "longitude": longitude}
    address = actor.addresses.filter(is_main=True).first()
    if not any(value not in ("", None) for value in values.values()):
        if address:
            address.delete()
        return
    address = address or Address(actor=actor)
    if address.pk and all(getattr(address, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(address, name, value)
    address.full_clean(exclude=["actor"])
    address.save()
