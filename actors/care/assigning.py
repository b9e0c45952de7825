"""Who looks after which actors from a day on: rows end and begin, none is ever lost."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actors.care.models import ContactPerson
from actors.directory.models import Actor
from zentrum.accounts.models import User
from zentrum.common.periods import lasting

MOST_NAMED = 5


def assign(actors: Collection[Actor], user: User, on: date) -> list[Actor]:
    """Give the actors this contact person from that day; returns those for whom it is a change.

    The rows of the actors must be locked. Whoever looked after one before does so until the day
    before; who was entered for that very day is replaced. Four queries, however many actors.
    Raises ValidationError when somebody is entered for a later day already.
    """
    held = _held(actors, on)
    _refuse_later(actors, held, on)
    unchanged = {row.actor_id for row in held if row.user_id == user.pk and row.ends_on is None}
    changed = [actor for actor in actors if actor.pk not in unchanged]
    rows = [row for row in held if row.actor_id not in unchanged]
    replaced = [row.pk for row in rows if row.starts_on == on]
    ContactPerson.objects.filter(pk__in=replaced).delete()
    ending = [row.pk for row in rows if row.starts_on < on]
    ContactPerson.objects.filter(pk__in=ending).update(
        ends_on=on - timedelta(days=1), updated_at=timezone.now()
    )
    ContactPerson.objects.bulk_create(
        ContactPerson(actor=actor, user=user, starts_on=on) for actor in changed
    )
    return changed


def _held(actors: Iterable[Actor], on: date) -> list[ContactPerson]:
    """The rows that hold on that day or begin later."""
    rows = ContactPerson.objects.filter(lasting(on), actor__in=[actor.pk for actor in actors])
    return list(rows.select_related("user").order_by("actor", "starts_on"))


def _refuse_later(actors: Iterable[Actor], held: Iterable[ContactPerson], on: date) -> None:
    names = {actor.pk: str(actor) for actor in actors}
    later = [
        _("%(actor)s: %(person)s from %(day)s on")
        % {
            "actor": names[row.actor_id],
            "person": row.user,
            "day": formats.date_format(row.starts_on, "SHORT_DATE_FORMAT"),
        }
        for row in held
        if row.starts_on > on
    ]
    if later:
        named = "; ".join(later[:MOST_NAMED]) + (" …" if len(later) > MOST_NAMED else "")
        message = _("Somebody is entered for a later day already. Please choose a later day.")
        raise ValidationError(f"{message} {named}", code="later")
