"""Who is responsible, who steps in, who works beside whom."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office.models import Absence, Carrier, Centre, Mandate


def owner_for(centre: Centre, on: date | None = None) -> User:
    """Who owns what arrives at this centre: its carrier's manager, else deputy, else desk.

    Raises ValidationError when nobody holds such a mandate on that day (today if not given).
    """
    ranks = [When(role=role, then=Value(rank)) for rank, role in enumerate(OFFICE)]
    mandates = (
        Mandate.objects.current(on or timezone.localdate())
        .for_desk(centre.carrier, centre)
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
    seen = {user.pk}
    acting = user
    while absence := _absence(acting, on):
        acting = absence.deputy
        if acting.pk in seen or not acting.is_active:
            return user
        seen.add(acting.pk)
    return acting


def _absence(user: User, on: date) -> Absence | None:
    absences = user.absences.filter(starts_on__lte=on, ends_on__gte=on)
    return absences.select_related("deputy").order_by("starts_on", "pk").first()


def colleagues(carrier: Carrier, centre: Centre) -> QuerySet[User]:
    """Office staff of this carrier whose mandate covers the centre today, by name."""
    mandates = Mandate.objects.current(timezone.localdate()).for_desk(carrier, centre)
    staff = mandates.filter(role__in=OFFICE).values("user")
    return User.objects.filter(pk__in=staff, is_active=True).order_by("name", "pk")
