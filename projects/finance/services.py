"""Money is written down: an amount, a total split among its sources, a correction."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.finance.models import Booking, now_holds, this_year
from projects.finance.splitting import split
from projects.pipeline.models import Project

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOVED = (Booking.Kind.CALLED, Booking.Kind.PAID)


@transaction.atomic
def book(
    project: Project,
    amounts: Mapping[str, Decimal],
    *,
    by: "User",
    year: int,
    kind: str,
    booked_on: date,
    submission: UUID,
    text: str = "",
) -> list[Booking]:
    """Write one row for each source with its amount in euro; the same submission writes nothing.

    Raises ValidationError when the year lies before the project's start, when something is planned
    for a year that is over, or when money is said to have moved in the future.
    """
    with pghistory.context(user=by.pk):
        row = Project.objects.select_for_update().get(pk=project.pk)
        if existing := list(row.bookings.filter(submission=submission)):
            return existing
        _check_days(row, year, kind, booked_on)
        return [
            _save(
                Booking(
                    project=row,
                    year=year,
                    source=source,
                    kind=kind,
                    amount=amount,
                    booked_on=booked_on,
                    text=text.strip(),
                    by=by,
                    submission=submission,
                )
            )
            for source, amount in amounts.items()
            if amount
        ]


def book_split(
    project: Project, total: Decimal, shares: Mapping[str, int], **details
) -> list[Booking]:
    """Write a total as one row for each source with a share, to the cent; see `book`.

    Raises ValidationError also when no source has a share.
    """
    if not any(shares.values()):
        raise ValidationError(_("Give at least one source a share."), code="shares")
    parts = split(total, list(shares.values()))
    return book(project, dict(zip(shares, parts, strict=True)), **details)


@transaction.atomic
def correct(booking: Booking, *, to: Decimal, by: "User", text: str, submission: UUID) -> Booking:
    """Let a row say `to` euro (0: it was no booking at all) by another row with the difference.

    The project's lock lets two corrections at once follow each other: the second starts from what
    the first left. Raises ValidationError when the row says that already or is a correction.
    """
    with pghistory.context(user=by.pk):
        Project.objects.select_for_update().get(pk=booking.project_id)
        if existing := Booking.objects.filter(submission=submission).first():
            return existing
        if booking.is_correction:
            raise ValidationError(_("Correct the booking itself, not its correction."))
        difference = to - now_holds(booking)
        if not difference:
            raise ValidationError(_("The booking says this amount already."), code="same")
        return _save(
            Booking(
                project_id=booking.project_id,
                year=booking.year,
                source=booking.source,
                kind=booking.kind,
                amount=difference,
                booked_on=booking.booked_on,
                text=text.strip(),
                corrects=booking,
                by=by,
                submission=submission,
            )
        )


def _save(row: Booking) -> Booking:
    row.full_clean()
    row.save()
    return row


def _check_days(project: Project, year: int, kind: str, booked_on: date) -> None:
    if year < project.starts_on.year:
        raise ValidationError(
            {"year": _("The project starts in %(year)s only.") % {"year": project.starts_on.year}}
        )
    if kind == Booking.Kind.PLANNED and year < this_year():
        text = _("%(year)s is over: nothing can be planned for it any more. Enter what was paid.")
        raise ValidationError({"year": text % {"year": year}})
    if kind in MOVED and booked_on > timezone.localdate():
        raise ValidationError({"booked_on": _("This date lies in the future.")})
