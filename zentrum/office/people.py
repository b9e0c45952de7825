"""Who is responsible, who steps in, who works beside whom."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Absence, Carrier, Centre, Mandate


def owner_for(centre: Centre, on: date | None = None, *, carrier: Carrier | None = None) -> User:
    """Who owns what arrives at this centre: its carrier's manager, else deputy, else desk.

    Another carrier at the same desk has its own people.

    Raises ValidationError when nobody holds such a mandate on that day (today if not given).
    """
    ranks = [When(role=role, then=Value(rank)) for rank, role in enumerate(OFFICE)]
    mandates = (
        Mandate.objects.current(on or timezone.localdate())
        .for_desk(carrier or centre.carrier, centre)
        .filter(role__in=OFFICE, user__is_active=True)
        .annotate(rank=Case(*ranks, output_field=IntegerField()))
        .select_related("user")
    )
    if not (mandate := mandates.order_by("rank", "starts_on", "pk").first()):
        message = _("Nobody at the desk of %(centre)s holds a mandate on this day.")
        raise ValidationError(message, code="nobody", params={"centre": centre})
    return mandate.user


def deputy_of(user: User, on: date) -> User:
    """Who acts for this person on that day: themselves when present, else the deputy who is.

    If all in the chain are away or stand in for each other, it stays with the person.
    """
    return acting_for(user, on) or user


def acting_for(user: User, on: date) -> User | None:
    """Like `deputy_of`; None when all in the chain are away or stand in for each other."""
    away = _absences(on)
    acting = _acting(user, away)
    return None if acting == user and user.pk in away else acting


def stands_in_for(user: User) -> dict[int, User]:
    """The absent colleagues whose chain of deputies ends at this person today, by id.

    Read once per user object, like `User.current_mandates`. Two queries when somebody has named
    this person as deputy for today, none otherwise.
    """
    known = vars(user)
    if "absent_colleagues" not in known:
        known["absent_colleagues"] = _absent_colleagues(user, timezone.localdate())
    return known["absent_colleagues"]


def _absent_colleagues(user: User, today: date) -> dict[int, User]:
    if not any(getattr(mandate, "is_deputising", False) for mandate in user.current_mandates):
        return {}
    away = _absences(today)
    absent = {
        absence.user_id: absence.user
        for absence in away.values()
        if absence.user != user and _acting(absence.user, away) == user
    }
    if absent:
        mandates = Mandate.objects.current(today).filter(user__in=absent, user__is_active=True)
        theirs = list(mandates.select_related("carrier", "centre").order_by("starts_on", "pk"))
        for colleague in absent.values():
            colleague.current_mandates = [m for m in theirs if m.user_id == colleague.pk]
    return absent


def owned_by_absent_colleagues(user: User) -> Q:
    """Rows whose `owner` is away and has this person as deputy today.

    Only what the owner may see, and only of carriers for whose office the deputy works too: two
    carriers that share a desk keep their own files, also while somebody is on leave.
    """
    carriers = {m.carrier_id for m in user.current_mandates if m.role in OFFICE}
    condition = Q(pk__in=[])
    for colleague in stands_in_for(user).values() if carriers else ():
        theirs = within_mandates(colleague, OFFICE)
        condition |= Q(owner=colleague.pk, carrier__in=carriers) & theirs
    return condition


def _absences(on: date) -> dict[int, Absence]:
    """The absence of each person who is away on that day. One query."""
    absences = Absence.objects.filter(starts_on__lte=on, ends_on__gte=on)
    away: dict[int, Absence] = {}
    for absence in absences.select_related("user", "deputy").order_by("starts_on", "pk"):
        away.setdefault(absence.user_id, absence)
    return away


def _acting(user: User, away: dict[int, Absence]) -> User:
    seen = {user.pk}
    acting = user
    while absence := away.get(acting.pk):
        acting = absence.deputy
        if acting.pk in seen or not acting.is_active:
            return user
        seen.add(acting.pk)
    return acting


def colleagues(carrier: Carrier | int, centre: Centre | int) -> QuerySet[User]:
    """Office staff of this carrier whose mandate covers the centre today, by name."""
    mandates = Mandate.objects.current(timezone.localdate()).for_desk(carrier, centre)
    staff = mandates.filter(role__in=OFFICE).values("user")
    return User.objects.filter(pk__in=staff, is_active=True).order_by("name", "pk")
