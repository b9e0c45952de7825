"""Who at the office may look after actors."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.common.periods import lasting
from zentrum.office.mandates import MandateQuerySet
from zentrum.office.models import Centre, Mandate


def candidates(*centres: Centre | int) -> QuerySet[User]:
    """Office staff of every carrier of the centres, also those whose mandate is still to begin.

    The actors of a centre belong to all its carriers, and a contract ends with a hand-over to the
    people of the next one: `zentrum.office.people.colleagues` knows one carrier and today only.
    """
    return _people(Mandate.objects.filter(lasting(timezone.localdate())), *centres)


def holds_mandate(user: User, centre: Centre | int, on: date) -> bool:
    """Whether this person works at the office of the centre on that day."""
    return _people(Mandate.objects.current(on), centre).filter(pk=user.pk).exists()


def _people(mandates: MandateQuerySet, *centres: Centre | int) -> QuerySet[User]:
    staff = mandates.filter(Q(centre__in=centres) | Q(centre__isnull=True), role__in=OFFICE)
    return User.objects.filter(pk__in=staff.values("user"), is_active=True).order_by("name", "pk")
