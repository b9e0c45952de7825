from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, Sector
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import searchable
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: "User") -> "UnitQuerySet":
        """Desk roles see the premises of their centres, with their owners."""
        return self.filter(within_centres(user, OFFICE))

    def active(self) -> "UnitQuerySet":
        return self.filter(archived_at__isnull=True)

    def offered(self) -> "UnitQuerySet":
        """What the public vacancy list may show: the owner agreed."""
        return self.active().filter(is_offered=True)


@keep_history(exclude=("search_text",))
class Unit(TimeStampedModel):
    """A shop or other commercial unit of the centre (Ladenlokal). Its owner stays internal."""

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="units", verbose_name=_("centre")
    )
    street = models.CharField(_("Street"), max_length=200)
    number = models.CharField(_("House number"), max_length=20, blank=True)
    label = models.CharField(
        _("Which part of the house?"),
        max_length=100,
        blank=True,
        help_text=_("Such as ground floor left. Needed where a house has several units."),
    )
    latitude = latitude_field()
    longitude = longitude_field()
    floor_area = models.PositiveIntegerField(
        _("Floor area (m²)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    rent = models.DecimalField(
        _("Rent (euro per month, net cold)"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    owner = models.ForeignKey(
        Actor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_units",
        verbose_name=_("owner"),
    )
    is_offered = models.BooleanField(
        _("the owner agreed to the public vacancy list"), default=False
    )
    is_blurred = models.BooleanField(
        _("show the public only the street"),
        default=False,
        help_text=_("The position on the public map is rounded to about 200 metres."),
    )
    public_text = models.TextField(_("Text for the public list"), blank=True)
    note = models.TextField(_("Internal note"), blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.GeneratedField(
        expression=searchable("street", "number", "label"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("premises")
        verbose_name_plural = _("premises")
        ordering = ["search_text", "pk"]
        constraints = [
            position_constraint("unit_position_whole"),
            models.UniqueConstraint(
                name="unit_once",
                fields=["centre", "street", "number", "label"],
                violation_error_message=_("This unit is already there."),
            ),
            models.CheckConstraint(
                name="unit_street_filled",
                condition=~Q(street=""),
                violation_error_message=_("Premises need a street."),
            ),
            models.CheckConstraint(
                name="unit_area_and_rent_positive",
                condition=(Q(floor_area__isnull=True) | Q(floor_area__gte=1))
                & (Q(rent__isnull=True) | Q(rent__gte=0)),
                violation_error_message=_("Area and rent cannot be negative."),
            ),
        ]
        indexes = [
            trigram_index("search_text", "unit_search"),
            models.Index(name="unit_sorted", fields=["centre", "search_text", "id"]),
        ]

    def __str__(self) -> str:
        house = f"{self.street} {self.number}".strip()
        return f"{house}, {self.label}" if self.label else house

    def get_absolute_url(self) -> str:
        return reverse("actors:unit_detail", args=[self.pk])


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def visible_to(self, user: "User") -> "OccupancyQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="unit__"))

    def on(self, day: date) -> "OccupancyQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


@keep_history()
class Occupancy(TimeStampedModel):
    """What stood in a unit, from a date to a date, who said so and how sure it is (Besatz)."""

    class State(models.TextChoices):
        TRADING = "trading", _("trading")
        CONVERSION = "conversion", _("conversion")
        VACANT = "vacant", _("vacant")
        INTERIM = "interim", _("interim use")

    class Confidence(models.IntegerChoices):
        GUESSED = 1, _("guessed")
        TOLD = 2, _("told")
        SEEN = 3, _("seen")

    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="occupancies", verbose_name=_("premises")
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices)
    actor = models.ForeignKey(
        Actor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="occupancies",
        verbose_name=_("who trades there"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("How sure?"), choices=Confidence.choices, default=Confidence.TOLD
    )
    note = models.TextField(_("Note"), blank=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupancy")
        verbose_name_plural = _("occupancies")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="occupancy_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                name="occupancy_vacant_without_actor",
                condition=~Q(state="vacant") | Q(actor__isnull=True),
                violation_error_message=_("Nobody trades in vacant premises."),
            ),
            ExclusionConstraint(
                name="occupancy_one_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another state already holds in this time."),
            ),
        ]
        indexes = [
            models.Index(name="occupancy_of_state", fields=["state", "ends_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_state_display()}"


class SpaceRequestQuerySet(models.QuerySet["SpaceRequest"]):
    def visible_to(self, user: "User") -> "SpaceRequestQuerySet":
        return self.filter(within_centres(user, OFFICE))


@keep_history()
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

    def get_absolute_url(self) -> str:
        return reverse("actors:space_request_detail", args=[self.pk])


class Walk(TimeStampedModel):
    """A survey of the premises on foot, street by street (Begehung).

    What was seen becomes occupancies; the comparison with the walk before shows what changed.
    """

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="walks")
    walked_on = models.DateField(_("walked on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("Note"), blank=True)

    class Meta:
        verbose_name = _("walk")
        verbose_name_plural = _("walks")
        ordering = ["-walked_on", "-pk"]


class Sighting(TimeStampedModel):
    """What was seen in one unit on a walk; also when nothing changed."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="sightings")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="sightings")
    state = models.CharField(_("State"), max_length=10, choices=Occupancy.State.choices)
    shown_name = models.CharField(_("Name on the door"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sighting_once_per_walk", fields=["walk", "unit"])
        ]
