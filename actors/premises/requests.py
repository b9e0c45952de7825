"""Who looks for premises (Gesuche)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, Sector
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class SpaceRequestQuerySet(models.QuerySet["SpaceRequest"]):
    def visible_to(self, user: "User") -> "SpaceRequestQuerySet":
        return self.filter(within_centres(user, OFFICE))

    def open(self) -> "SpaceRequestQuerySet":
        return self.filter(closed_on__isnull=True)


@keep_history(exclude=("submission",))
class SpaceRequest(TimeStampedModel):
    """Somebody looks for premises (Gesuch)."""

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="space_requests", verbose_name=_("centre")
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.CASCADE, related_name="space_requests", verbose_name=_("actor")
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sector"),
    )
    area_from = models.PositiveIntegerField(_("Floor area from (m²)"), null=True, blank=True)
    area_to = models.PositiveIntegerField(_("Floor area to (m²)"), null=True, blank=True)
    rent_to = models.DecimalField(
        _("Rent at most (euro per month)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    streets = models.CharField(
        _("Streets"), max_length=300, blank=True, help_text=_("Separated by commas. Empty: any.")
    )
    wanted_from = models.DateField(_("wanted from"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)
    closed_on = models.DateField(_("settled on"), null=True, blank=True)
    result = models.CharField(_("What came of it"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    submission = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="Of the form that created it: pressing the button twice makes one request.",
    )

    objects = SpaceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("space request")
        verbose_name_plural = _("space requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="space_request_area_from_below_to",
                condition=Q(area_from__isnull=True)
                | Q(area_to__isnull=True)
                | Q(area_from__lte=F("area_to")),
                violation_error_message=_("The smallest area lies above the largest."),
            )
        ]

    def __str__(self) -> str:
        return str(self.actor)

    @property
    def wanted_streets(self) -> list[str]:
        return [name for part in self.streets.split(",") if (name := part.strip())]

    def get_absolute_url(self) -> str:
        return reverse("actors:space_request_detail", args=[self.pk])
