"""Plan, move, settle a follow-up. Each step locks the row and refuses what is out of date."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.followups.follow_ups import ABOUT, FollowUp
from contacts.followups.repeating import next_time
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office import people
from zentrum.office.models import Carrier, Centre
from zentrum.office.working_time import OfficeCalendar

LONGEST_AHEAD = timedelta(days=5 * 366)
STALE = _("Somebody else changed this follow-up meanwhile. Please look at it and try again.")


@transaction.atomic
def plan(
    about: Any, *, assignee: User, due_on: date, text: str, by: User, repeat: str = ""
) -> FollowUp:
    """Plan a follow-up on a case, actor, idea or project; on a day off it moves to the next
    working day. Planned twice with the same words it is there once.

    Raises ValidationError when the day is over or too far, or the assignee does not work at the
    desk or does not see the matter.
    """
    carrier, centre = desk_of(about, by)
    _check(about, carrier, centre, assignee, due_on)
    name = next(name for name, model in ABOUT.items() if isinstance(about, model))
    follow_up, _is_new = FollowUp.objects.open().get_or_create(
        **{name: about},
        assignee=assignee,
        due_on=OfficeCalendar.of(centre).add_working_days(due_on, 0),
        text=_required(text),
        defaults={
            "carrier": carrier,
            "centre": centre,
            "repeat": repeat,
            "begins_on": due_on,
            "created_by": by,
        },
    )
    return follow_up


def desk_of(about: Any, by: User) -> tuple[Carrier, Centre]:
    """The desk that keeps a matter. An actor is everybody's: the desk at which `by` works."""
    if hasattr(about, "carrier_id"):
        return about.carrier, about.centre
    mandates = [m for m in by.current_mandates if m.role in OFFICE]
    here = next((m for m in mandates if m.centre_id in (None, about.centre_id)), None)
    return (here.carrier if here else about.centre.carrier), about.centre


def _check(about: Any, carrier: Carrier, centre: Centre, assignee: User, due_on: date) -> None:
    today = timezone.localdate()
    if due_on < today:
        raise ValidationError({"due_on": _("This day is over. Choose today or a later day.")})
    if due_on > today + LONGEST_AHEAD:
        raise ValidationError({"due_on": _("Please choose a day within five years.")})
    if not people.colleagues(carrier, centre).filter(pk=assignee.pk).exists():
        refusal = _("%(name)s does not work at this desk.") % {"name": assignee}
        raise ValidationError({"assignee": refusal})
    if not type(about).objects.visible_to(assignee).filter(pk=about.pk).exists():
        refusal = _("%(name)s may not see this. Choose somebody who does.") % {"name": assignee}
        raise ValidationError({"assignee": refusal})


@transaction.atomic
def move(
    follow_up: FollowUp, *, assignee: User, due_on: date, text: str, by: User, version: int
) -> None:
    """Another day, another person or other words; a series goes on as it was planned."""
    _lock(follow_up, version)
    if (assignee.pk, due_on) != (follow_up.assignee_id, follow_up.due_on):
        _check(follow_up.about, follow_up.carrier, follow_up.centre, assignee, due_on)
    follow_up.assignee, follow_up.text = assignee, _required(text)
    follow_up.due_on = OfficeCalendar.of(follow_up.centre).add_working_days(due_on, 0)
    _save(follow_up)


@transaction.atomic
def complete(follow_up: FollowUp, *, by: User, version: int) -> FollowUp | None:
    """Note that it is done. Returns the next one of a series."""
    _lock(follow_up, version)
    follow_up.done_at, follow_up.settled_by = timezone.now(), by
    _save(follow_up)
    return _plan_next(follow_up) if follow_up.repeat else None


def _plan_next(follow_up: FollowUp) -> FollowUp:
    office = OfficeCalendar.of(follow_up.centre)
    number, day = next_time(follow_up, office, timezone.localdate())
    kept = ("assignee", "text", "carrier", "centre", "repeat", "begins_on", "created_by")
    values = {name: getattr(follow_up, name) for name in kept}
    about = {follow_up.about_name: follow_up.about}
    return FollowUp.objects.create(**about, **values, number=number, due_on=day)


@transaction.atomic
def withdraw(follow_up: FollowUp, *, by: User, version: int) -> None:
    """It is no longer needed; a series ends with it."""
    _lock(follow_up, version)
    follow_up.withdrawn_at, follow_up.settled_by = timezone.now(), by
    _save(follow_up)


def _lock(follow_up: FollowUp, version: int) -> None:
    rows = FollowUp.objects.select_for_update(of=("self",))
    follow_up.refresh_from_db(from_queryset=rows)
    if follow_up.version != version:
        raise ValidationError(STALE, code="stale")
    if not follow_up.is_open:
        raise ValidationError(_("This follow-up is settled already."))


def _save(follow_up: FollowUp) -> None:
    follow_up.version += 1
    follow_up.validate_constraints()
    follow_up.save()


def _required(text: str) -> str:
    if not (text := " ".join(text.split())):
        raise ValidationError({"text": _("Say what is to be done.")}, code="required")
    return text
