"""What becomes of rows of which an actor has one only, or one at a time.

Each function gets a row of the merged actor before it moves. It returns the changes to write, or
None when it has settled the row itself. The kept actor's rows win.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from actors.bodies.models import Seat
from actors.care.models import ContactPerson
from actors.directory.models import Address, EmailAddress, PhoneNumber
from actors.duplicates.recording import Record
from actors.duplicates.spelling import digits_of, street_of

Changes = dict[str, Any] | None
ENDLESS = date.max


def _email(row: EmailAddress, field: Any, kept: Any, record: Record) -> Changes:
    """The same address in other letters goes; there is one main address."""
    if twin := kept.emails.filter(email__iexact=row.email).first():
        return _into(twin, row, record)
    return {"actor_id": kept.pk} | _not_main(row, kept.emails)


def _phone(row: PhoneNumber, field: Any, kept: Any, record: Record) -> Changes:
    digits = digits_of(row.number)
    for twin in kept.phones.all():
        if digits and digits == digits_of(twin.number):
            return _into(twin, row, record)
    return {"actor_id": kept.pk}


def _address(row: Address, field: Any, kept: Any, record: Record) -> Changes:
    for twin in kept.addresses.all():
        if street_of(twin.street) == street_of(row.street) and twin.postcode == row.postcode:
            return _into(twin, row, record)
    return {"actor_id": kept.pk} | _not_main(row, kept.addresses)


def _not_main(row: Any, rows: Any) -> dict[str, bool]:
    return {"is_main": False} if row.is_main and rows.filter(is_main=True).exists() else {}


def _into(twin: Any, row: Any, record: Record) -> Changes:
    """The twin stands already; it takes over the label or the place that it lacks."""
    gaps: dict[str, Any] = {}
    if getattr(row, "label", "") and not twin.label:
        gaps["label"] = row.label
    if getattr(row, "latitude", None) is not None and twin.latitude is None:
        gaps |= {"latitude": row.latitude, "longitude": row.longitude}
    if gaps:
        record.change(twin, **gaps)
    record.delete(row)
    return None


def _contact_person(row: ContactPerson, field: Any, kept: Any, record: Record) -> Changes:
    """One at a time: of the merged actor's contact person stay the days that the other leaves."""
    free = [(row.starts_on, row.ends_on or ENDLESS)]
    for taken in kept.contact_persons.exclude(pk=row.pk):
        free = [
            piece
            for starts_on, ends_on in free
            for piece in _without(starts_on, ends_on, taken.starts_on, taken.ends_on or ENDLESS)
        ]
    if not free:
        record.delete(row)
        return None
    for starts_on, ends_on in free[1:]:
        more = ContactPerson(actor=kept, user_id=row.user_id, starts_on=starts_on)
        more.ends_on = None if ends_on == ENDLESS else ends_on
        record.create(more)
    starts_on, ends_on = free[0]
    changes = {"starts_on": starts_on, "ends_on": None if ends_on == ENDLESS else ends_on}
    return {"actor_id": kept.pk} | changes


def _without(starts_on: date, ends_on: date, taken_from: date, taken_to: date) -> list:
    """The days of the first span that lie outside the second; both ends belong to a span."""
    if taken_to < starts_on or taken_from > ends_on:
        return [(starts_on, ends_on)]
    pieces = []
    if taken_from > starts_on:
        pieces.append((starts_on, taken_from - timedelta(days=1)))
    if taken_to < ends_on:
        pieces.append((taken_to + timedelta(days=1), ends_on))
    return pieces


def _seat(row: Seat, field: Any, kept: Any, record: Record) -> Changes:
    """Nobody sits twice in a body at the same time, and nobody is their own deputy."""
    changes = {field.attname: kept.pk}
    body_id = changes.get("body_id", row.body_id)
    person_id = changes.get("person_id", row.person_id)
    if person_id and field.name in ("person", "body"):
        for twin in Seat.objects.filter(body=body_id, person=person_id).exclude(pk=row.pk):
            if _overlap(twin, row):
                _widen(twin, row, record)
                record.delete(row)
                return None
    if person_id and changes.get("deputy_id", row.deputy_id) == person_id:
        changes["deputy_id"] = None
    return changes


def _consent(row: Any, field: Any, kept: Any, record: Record) -> Changes:
    """Who withdrew once has withdrawn: an earlier consent of the other actor no longer holds."""
    for other in kept.consents.filter(purpose=row.purpose):
        for given, withdrawn in ((other, row), (row, other)):
            day = withdrawn.withdrawn_on
            if given.withdrawn_on is None and day and given.given_on <= day:
                record.change(given, withdrawn_on=day)
    return {field.attname: kept.pk}


def _overlap(one: Any, two: Any) -> bool:
    return one.starts_on <= (two.ends_on or ENDLESS) and two.starts_on <= (one.ends_on or ENDLESS)


def _widen(twin: Seat, row: Seat, record: Record) -> None:
    ends_on = None if None in (twin.ends_on, row.ends_on) else max(twin.ends_on, row.ends_on)  # type: ignore[type-var]
    deputy_id = twin.deputy_id or row.deputy_id
    record.change(
        twin,
        starts_on=_free_start(twin, min(twin.starts_on, row.starts_on), row),
        ends_on=ends_on,
        is_voting=twin.is_voting or row.is_voting,
        function=twin.function or row.function,
        represents_id=twin.represents_id or row.represents_id,
        deputy_id=None if deputy_id in (twin.person_id, row.person_id) else deputy_id,
    )


def _free_start(twin: Seat, day: date, row: Seat) -> date:
    taken = Seat.objects.filter(body=twin.body_id, person=twin.person_id, starts_on=day)
    return twin.starts_on if taken.exclude(pk__in=[twin.pk, row.pk]).exists() else day


Settle = Callable[[Any, Any, Any, Record], Changes]
SETTLE: dict[str, Settle] = {  # by the name of the model: some lie above
    "actors.Address": _address,
    "actors.Consent": _consent,
    "actors.ContactPerson": _contact_person,
    "actors.EmailAddress": _email,
    "actors.PhoneNumber": _phone,
    "actors.Seat": _seat,
}
