from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actors.bodies.models import Body, Seat
from actors.directory.models import Actor


@transaction.atomic
def save_body(body: Body, actor: Actor) -> Body:
    """Save a body together with the actor that it is.

    Raises ValidationError when the actor is a body with rules already.
    """
    actor.kind = Actor.Kind.BODY
    actor.full_clean()
    actor.version += 1
    actor.save()
    body.actor = actor
    body.full_clean()
    body.save()
    return body


@transaction.atomic
def end_seat(seat: Seat, *, on: date) -> None:
    """The person leaves the body with that day. Raises ValidationError if they already have."""
    seat.refresh_from_db(from_queryset=Seat.objects.select_for_update(of=("self",)))
    if seat.ends_on and seat.ends_on <= on:
        raise ValidationError(_("This seat has ended already."))
    seat.ends_on = on
    seat.full_clean()
    seat.save()
