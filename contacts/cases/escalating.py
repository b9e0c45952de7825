"""A promise that stays broken is told to the deputy of the desk, then to its manager (Eskalation).

How far a case has come is a state, set by the tick; those who are told read it on *Heute*, in the
list and in their digest, not in a mail for each case. The steps count working days since the
promised day or the last answer, by whatever channel it went.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from contacts.cases.models import Case, CaseQuerySet
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.common.models import many_rows
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Centre, Mandate
from zentrum.office.people import stands_in_for
from zentrum.office.working_time import HORIZON, OfficeCalendar

Step = Case.Escalation
LADDER = {Step.MANAGER: 6, Step.DEPUTY: 3}  # working days overdue, the last step first


def set_steps(today: date | None = None) -> int:
    """Set each open case to the step that it has reached; returns how many changed.

    One statement per centre, whatever the number of cases. It may run at any time and as often as
    one likes; nobody who edits a case is disturbed.
    """
    day = today or timezone.localdate()
    centres = Centre.objects.select_related("town").defer("area")
    return sum(_set_steps(centre, OfficeCalendar.of(centre), day) for centre in centres)


def _set_steps(centre: Centre, calendar: OfficeCalendar, today: date) -> int:
    reached = [
        When(_since(working_days_before(calendar, today, count)), then=Value(step))
        for step, count in LADDER.items()
    ]
    step = models.Case(*reached, default=Value(Step.NONE), output_field=models.SmallIntegerField())
    concerned = Q(reply_by__lt=today) | Q(escalation__gt=Step.NONE)
    cases = Case.objects.filter(concerned, centre=centre, state=Case.State.OPEN)
    changing = cases.alias(step=step).exclude(escalation=F("step")).order_by()
    with many_rows():
        return changing.update(escalation=step)


def _since(day: date) -> Q:
    """Neither promised for later than that day nor answered later."""
    answered_on = Coalesce(TruncDate("last_outgoing_at"), Value(date.min))
    return Q(reply_by__lte=day) & Q(models.lookups.LessThanOrEqual(answered_on, day))


def working_days_before(calendar: OfficeCalendar, day: date, count: int) -> date:
    """The latest working day that lies that many working days before `day`."""
    for number in range(HORIZON):
        earlier = day - timedelta(days=number)
        if calendar.is_working_day(earlier):
            if count == 0:
                return earlier
            count -= 1
    return date.min


def told_to(user: User, owners: Iterable[int]) -> CaseQuerySet:
    """The escalated cases that this person is told of, without those of the `owners`."""
    return Case.objects.visible_to(user).filter(is_told_to(user, owners))


def is_told_to(user: User, owners: Iterable[int]) -> Q:
    """The condition of `told_to`, for those who ask for more in the same query.

    Also what the absent colleagues are told of for whom this person stands in. Where a desk has no
    deputy, or the deputy owns the case, the manager is told at the first step.
    """
    told = Q(pk__in=[])
    for person in (user, *stands_in_for(user).values()):
        told |= within_mandates(person, (Role.DEPUTY,))
        told |= within_mandates(person, (Role.MANAGER,)) & _reaches_manager()
    escalated = Q(state=Case.State.OPEN, escalation__gt=Step.NONE)
    return escalated & told & ~Q(owner__in=owners)


def _reaches_manager() -> Q:
    deputies = Mandate.objects.current(timezone.localdate()).filter(
        Q(centre__isnull=True) | Q(centre=OuterRef("centre")),
        role=Role.DEPUTY,
        user__is_active=True,
        carrier=OuterRef("carrier"),
    )
    return Q(escalation=Step.MANAGER) | ~Q(Exists(deputies.exclude(user=OuterRef("owner"))))
