"""Which centres and people a user's mandates cover, and which settings of the office."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.office.models import Absence, Centre, ClosingDay, Mandate


def _leading(user: User) -> list[Mandate]:
    return [mandate for mandate in user.current_mandates if mandate.role in LEADING]


def centres_of(user: User, roles: tuple[str, ...] = OFFICE) -> QuerySet[Centre]:
    """The centres that the user's mandates in one of these roles cover, by name; their areas are
    read when somebody asks for them."""
    mandates = [mandate for mandate in user.current_mandates if mandate.role in roles]
    centres = Centre.objects.defer("area").order_by("name", "pk")
    if any(mandate.centre_id is None for mandate in mandates):
        return centres
    return centres.filter(pk__in=[mandate.centre_id for mandate in mandates])


def centres_led_by(user: User) -> QuerySet[Centre]:
    """The centres that a manager's or deputy's mandate of the user covers."""
    return centres_of(user, LEADING)


def closing_days_led_by(user: User) -> QuerySet[ClosingDay]:
    """Closing days of these centres and of the whole town."""
    if not _leading(user):
        return ClosingDay.objects.none()
    return ClosingDay.objects.filter(Q(centre__in=centres_led_by(user)) | Q(centre__isnull=True))


def staff_led_by(user: User) -> QuerySet[User]:
    """Office staff of the carriers that the user leads, with a mandate today."""
    carriers = {mandate.carrier_id for mandate in _leading(user)}
    mandates = Mandate.objects.current(timezone.localdate()).filter(
        carrier__in=carriers, role__in=OFFICE
    )
    people = User.objects.filter(pk__in=mandates.values("user"), is_active=True)
    return people.order_by("name", "pk")


def absences_led_by(user: User) -> QuerySet[Absence]:
    return Absence.objects.filter(user__in=staff_led_by(user))
