"""Take actors that their source no longer names into somebody's next round: a look decides."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.care import services
from actors.care.colleagues import holds_mandate
from actors.care.models import Round, Visit, VisitQuerySet
from actors.directory.models import Actor
from actors.exchange.models import SourceRecord
from zentrum.accounts.models import User

MOST_STOPS = 100  # of one day, more than anybody walks


def coming_visits(user: User, on: date) -> VisitQuerySet:
    """The stops still to be made in rounds from that day on that this user may see."""
    rounds = Round.objects.visible_to(user).filter(on__gte=on)
    return Visit.objects.filter(round__in=rounds, visited_at__isnull=True)


@transaction.atomic
def plan_visits(records: Iterable[SourceRecord], *, user: User, on: date) -> Round:
    """Put the actors of these records into the round of this person on that day; who is on it
    already stays on it once, and nobody is closed by it.

    Raises ValidationError when nobody is chosen, the day is past, the round would be longer than
    anybody walks, the actors belong to several offices, or the person does not work there then.
    """
    actors = list({record.actor_id: record.actor for record in records}.values())
    _check(actors, user, on)
    row = services.plan_round(actors, user=user, on=on)
    _check_length(row.visits.count())
    return row


def _check_length(stops: int) -> None:
    if stops > MOST_STOPS:
        message = _("A round has at most %(most)s stops. Please tick fewer, or choose another day.")
        raise ValidationError(message, code="too_long", params={"most": MOST_STOPS})


def _check(actors: list[Actor], user: User, on: date) -> None:
    services.check_one_office(actors)
    _check_length(len(actors))
    if on < timezone.localdate():
        raise ValidationError({"on": _("This day is over. Please choose today or a later one.")})
    if not holds_mandate(user, actors[0].centre_id, on):
        message = _("%(person)s holds no mandate at this office on that day.")
        raise ValidationError({"user": ValidationError(message, params={"person": user})})
