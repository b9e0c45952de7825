"""What changes who cares for whom: contact persons, hand-overs, rounds and visits."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.care import telling
from actors.care.assigning import assign
from actors.care.colleagues import holds_mandate
from actors.care.models import ContactPerson, Handover, Round, Visit
from actors.care.routing import in_walking_order
from actors.care.stops import stops_of
from actors.directory.models import Actor
from zentrum.accounts.models import User
from zentrum.office.models import Centre

LONGEST_DELAY = timedelta(days=3)  # a phone without a net that sends a visit later than this errs


@transaction.atomic
def set_contact_person(actor: Actor, *, user: User, on: date) -> None:
    """Let somebody look after an actor from a day on; who did so before ends the day before.

    Raises ValidationError when the person holds no mandate on that day, or when somebody is
    entered for a later day. The row lock lets two people choose at once: the last one wins.
    """
    _check_mandate(user, actor.centre_id, on)
    assign(_locked([actor.pk]), user, on)


@transaction.atomic
def withdraw_contact_person(row: ContactPerson, *, today: date) -> None:
    """Take back what was entered for a day to come; who looks after the actor now goes on.

    Raises ValidationError when the day has come: from then on it is history.
    """
    _locked([row.actor_id])
    row = ContactPerson.objects.get(pk=row.pk)
    if row.starts_on <= today:
        raise ValidationError(_("This person looks after the actor already."), code="begun")
    before = ContactPerson.objects.filter(
        actor=row.actor_id, ends_on=row.starts_on - timedelta(days=1)
    ).first()
    ends_on = row.ends_on
    row.delete()
    if before:
        before.ends_on = ends_on
        before.save(update_fields=["ends_on", "updated_at"])


def hand_over(
    actors: Iterable[int],
    *,
    centre: Centre,
    to_user: User,
    on: date,
    by: User,
    submission: UUID,
    from_user: User | None = None,
    note: str = "",
) -> Handover:
    """Pass actors (their ids) to another contact person from a day on, all or none.

    The same submission gives the hand-over that is already there. Cases keep their owners. Raises
    ValidationError when nothing would change, when the two are one person, when the new one holds
    no mandate on that day, or when somebody is entered for a later day.
    """
    row = Handover(
        centre=centre,
        from_user=from_user,
        to_user=to_user,
        by=by,
        on=on,
        note=note,
        submission=submission,
    )
    try:
        with transaction.atomic():
            return _hand_over(row, list(actors))
    except IntegrityError:
        if existing := Handover.objects.filter(submission=submission).first():
            return existing  # the button was pressed twice
        raise


def _hand_over(row: Handover, pks: list[int]) -> Handover:
    if existing := Handover.objects.filter(submission=row.submission).first():
        return existing
    row.validate_constraints(exclude={"submission"})
    _check_mandate(row.to_user, row.centre_id, row.on)
    row.save()  # a second press waits here for the first one
    changed = assign(_locked(pks), row.to_user, row.on)
    if not changed:
        message = _("%(person)s looks after all these actors already.")
        raise ValidationError(message, code="unchanged", params={"person": row.to_user})
    row.actors.set(changed)
    return row


def _check_mandate(user: User, centre: Centre | int, on: date) -> None:
    if not holds_mandate(user, centre, on):
        message = _("%(person)s holds no mandate at this office on that day.")
        raise ValidationError(message, code="no_mandate", params={"person": user})


def _locked(pks: Collection[int]) -> list[Actor]:
    """The actors with their rows locked, always in the same order: two that overlap only wait."""
    rows = Actor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks)
    return list(rows.order_by("pk"))


@transaction.atomic
def tell_actors(handover: Handover) -> int:
    """Write to the actors who their contact person is now; returns how many mails are written.

    Once only: a second press finds that they are told and writes nothing (0).
    """
    rows = Handover.objects.select_related("centre__town", "centre__carrier", "to_user")
    row = rows.select_for_update(of=("self",)).get(pk=handover.pk)
    if row.told_at:
        return 0
    row.told_at = handover.told_at = timezone.now()
    row.save(update_fields=["told_at", "updated_at"])
    return telling.write_mails(row)


@transaction.atomic
def plan_round(actors: Iterable[Actor], *, user: User, on: date) -> Round:
    """Take actors into the round of this person on that day, in walking order.

    The round is made when there is none; who is on it already stays on it once. Raises
    ValidationError when nobody is chosen, the actors belong to several offices, or the person
    walks for another office on that day.
    """
    chosen = list(actors)
    check_one_office(chosen)
    row, _is_new = Round.objects.get_or_create(
        user=user, on=on, defaults={"centre": chosen[0].centre}
    )
    Round.objects.select_for_update().get(pk=row.pk)
    if row.centre_id != chosen[0].centre_id:
        message = _("%(person)s walks for another office on that day. Please choose another day.")
        raise ValidationError(message, code="elsewhere", params={"person": user})
    known = set(row.visits.values_list("actor", flat=True))
    Visit.objects.bulk_create(
        Visit(actor=actor, user=user, round=row) for actor in chosen if actor.pk not in known
    )
    _put_in_order(row)
    return row


def check_one_office(actors: list[Actor]) -> None:
    """Raise ValidationError unless these are actors, all of one office."""
    if not actors:
        raise ValidationError(_("Please choose at least one actor."), code="nobody")
    if len({actor.centre_id for actor in actors}) > 1:
        message = _("These actors belong to several offices. Please plan a round for each office.")
        raise ValidationError(message, code="several_offices")


@transaction.atomic
def drop_stop(visit: Visit) -> None:
    """Take a stop off a round. Raises ValidationError when the visit is made."""
    row = Round.objects.select_for_update().get(pk=cast("int", visit.round_id))
    if not row.visits.filter(pk=visit.pk, visited_at__isnull=True).delete()[0]:
        raise ValidationError(_("This visit is made: it stays."), code="made")
    _put_in_order(row)


def _put_in_order(row: Round) -> None:
    """Number the stops: those made stay first, the others follow by the shortest way found."""
    stops = stops_of(row.visits.all())
    made = [stop for stop in stops if stop.visit.visited_at]
    office = (row.centre.latitude, row.centre.longitude)
    start = next((stop.position for stop in reversed(made) if stop.position), office)
    ahead = in_walking_order([stop for stop in stops if not stop.visit.visited_at], start)
    visits = [stop.visit for stop in [*made, *ahead]]
    for number, visit in enumerate(visits, 1):
        visit.position = number
    Visit.objects.bulk_update(visits, ["position"])


@transaction.atomic
def save_visit(
    visit: Visit,
    *,
    by: User,
    text: str,
    met_nobody: bool = False,
    before: str = "",
    at: datetime | None = None,
) -> Visit:
    """Note that somebody was there and what was said; saying it twice makes one visit.

    `before` is the text that the page showed when writing began: what somebody else has noted
    since is kept above the new text. `at` is the moment on a phone that had no net then.
    """
    row = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    row.text = _both(row.text, before, text)
    row.met_nobody = met_nobody
    if not row.visited_at:
        row.visited_at = _believable(at)
        row.user = by
    row.save()
    return row


def _both(stored: str, before: str, text: str) -> str:
    if not stored or stored == before or text.startswith(stored):
        return text
    return stored if not text or stored.endswith(text) else f"{stored}\n\n{text}"


def _believable(at: datetime | None) -> datetime:
    now = timezone.now()
    return at if at and now - LONGEST_DELAY <= at <= now else now
