"""Surveys on foot: what stood where on a day (Begehungen)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from actors.premises.models import TONES, Occupancy, Unit
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class WalkQuerySet(models.QuerySet["Walk"]):
    def visible_to(self, user: "User") -> "WalkQuerySet":
        return self.filter(within_centres(user, OFFICE))

    def finished(self) -> "WalkQuerySet":
        return self.filter(finished_at__isnull=False)


class Walk(TimeStampedModel):
    """A survey of the premises on foot, street by street (Begehung).

    What was seen becomes occupancies; the comparison with the walk before shows what changed.
    """

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="walks", verbose_name=_("centre")
    )
    walked_on = models.DateField(_("walked on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    street = models.CharField(_("Street"), max_length=200, blank=True, help_text="Empty: all.")
    note = models.TextField(_("Note"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-walked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="walk_one_open_per_street",
                fields=["centre", "street"],
                condition=Q(finished_at__isnull=True),
                violation_error_message=_("A survey of this street is under way already."),
            )
        ]

    def __str__(self) -> str:
        return self.street or _now("All streets")

    def get_absolute_url(self) -> str:
        return reverse("actors:walk_detail", args=[self.pk])

    @property
    def units(self) -> "models.QuerySet[Unit]":
        """What there is to see on this survey."""
        units = Unit.objects.active().filter(centre=self.centre_id)
        return units.filter(street=self.street) if self.street else units


class Sighting(TimeStampedModel):
    """What was seen in one unit on a walk; also when nothing changed."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="sightings")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="sightings")
    state = models.CharField(_("State"), max_length=10, choices=Occupancy.State.choices)
    shown_name = models.CharField(_("Name on the door"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        constraints = [
            models.UniqueConstraint(name="sighting_once_per_walk", fields=["walk", "unit"])
        ]

    @property
    def tone(self) -> str:
        return TONES[Occupancy.State(self.state)]
