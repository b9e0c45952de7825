"""Who is working on a case at this moment. No lock: it only tells the others."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from zentrum.accounts.models import User

POLLED_EVERY = 20  # seconds
GONE_AFTER = timedelta(seconds=75)  # three missed signs
KEPT = timedelta(hours=1)


class Presence(models.Model):
    """A sign that somebody has a case open and may change it (Bearbeitungshinweis)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(name="presence_once", fields=["user", "case"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.case_id}"


def beat(user: User, case: Case) -> None:
    """This person works on the case now; forget where they were long ago."""
    Presence.objects.bulk_create(
        [Presence(user=user, case=case)],
        update_conflicts=True,
        unique_fields=["user", "case"],
        update_fields=["seen_at"],
    )
    Presence.objects.filter(user=user, seen_at__lt=timezone.now() - KEPT).delete()


def others_on(cases: Iterable[Case], user: User) -> dict[int, list[str]]:
    """Who else works on these cases now: their names by the case's id. One query.

    The caller has asked which cases this person may see.
    """
    now_there = Presence.objects.filter(
        case__in=[case.pk for case in cases], seen_at__gte=timezone.now() - GONE_AFTER
    )
    rows = now_there.exclude(user=user).order_by("user__name", "user_id")
    names: dict[int, list[str]] = {}
    for case_id, name, email in rows.values_list("case_id", "user__name", "user__email"):
        names.setdefault(case_id, []).append(name or email)
    return names
