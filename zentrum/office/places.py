from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from shapely import GEOSException
from shapely.geometry import shape

from zentrum.common.models import TimeStampedModel, keep_history

LAENDER = [
    ("BW", "Baden-Württemberg"),
    ("BY", "Bayern"),
    ("BE", "Berlin"),
    ("BB", "Brandenburg"),
    ("HB", "Bremen"),
    ("HH", "Hamburg"),
    ("HE", "Hessen"),
    ("MV", "Mecklenburg-Vorpommern"),
    ("NI", "Niedersachsen"),
    ("NW", "Nordrhein-Westfalen"),
    ("RP", "Rheinland-Pfalz"),
    ("SL", "Saarland"),
    ("SN", "Sachsen"),
    ("ST", "Sachsen-Anhalt"),
    ("SH", "Schleswig-Holstein"),
    ("TH", "Thüringen"),
]


def validate_area(area: Any) -> None:
    """A GeoJSON Polygon or MultiPolygon in WGS84 (RFC 7946), valid as shapely understands it."""
    try:
        geometry = shape(area)
    except (AttributeError, GEOSException, KeyError, TypeError, ValueError) as error:
        raise ValidationError(_("This is not a GeoJSON geometry.")) from error
    is_area = geometry.geom_type in ("Polygon", "MultiPolygon") and not geometry.is_empty
    if not is_area or not geometry.is_valid:
        raise ValidationError(_("The area must be a valid GeoJSON Polygon or MultiPolygon."))
    west, south, east, north = geometry.bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        raise ValidationError(
            _("The coordinates must be longitude and latitude in degrees (WGS84).")
        )


def latitude_field() -> models.FloatField:
    """Degrees north, WGS84."""
    return models.FloatField(
        _("Latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )


def longitude_field() -> models.FloatField:
    """Degrees east, WGS84."""
    return models.FloatField(
        _("Longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )


def position_constraint(name: str) -> models.CheckConstraint:
    """A position has both coordinates, within the globe, or none."""
    return models.CheckConstraint(
        name=name,
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(
            # Said twice: a comparison with NULL is NULL, and a CHECK lets NULL pass.
            latitude__isnull=False,
            longitude__isnull=False,
            latitude__range=(-90, 90),
            longitude__range=(-180, 180),
        ),
        violation_error_message=_("A position needs both latitude and longitude."),
    )


@keep_history()
class Town(TimeStampedModel):
    """The town this portal serves, with the office's name, look and promise (Stadt)."""

    name = models.CharField(_("Name"), max_length=100)
    office_name = models.CharField(
        _("Name of the office"),
        max_length=100,
        default="Zentrenmanagement",
        help_text=_("The word your programme uses, such as Zentrenmanagement or Citymanagement."),
    )
    land = models.CharField(_("Land"), max_length=2, choices=LAENDER)
    accent_colour = models.CharField(
        _("Accent colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as #rrggbb."))],
    )
    promise_days = models.PositiveSmallIntegerField(
        _("Answer promised within (working days)"), default=5, validators=[MinValueValidator(1)]
    )
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    imprint = models.TextField(_("Imprint"), blank=True)
    privacy = models.TextField(_("Privacy notice"), blank=True)
    accessibility = models.TextField(_("Accessibility statement"), blank=True)

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        constraints = [
            models.CheckConstraint(name="town_promises_a_day", condition=Q(promise_days__gte=1))
        ]

    def __str__(self) -> str:
        return self.name


@keep_history(exclude=("area",))
class Centre(TimeStampedModel):
    """A town centre or programme area with its own office on site (Zentrum, Fördergebiet)."""

    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="centres")
    name = models.CharField(_("Name"), max_length=100)
    slug = models.SlugField(_("Short name"), unique=True)
    carrier = models.ForeignKey(
        "office.Carrier",
        on_delete=models.PROTECT,
        related_name="centres",
        verbose_name=_("carrier of the desk"),
        help_text=_("New matters from the public go to this carrier's manager."),
    )
    address = models.CharField(_("Address of the office"), max_length=200, blank=True)
    latitude = latitude_field()
    longitude = longitude_field()
    area = models.JSONField(_("Area"), null=True, blank=True, validators=[validate_area])

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["name"]
        constraints = [
            position_constraint("centre_position_whole"),
            models.UniqueConstraint(
                name="centre_once",
                fields=["town", "name"],
                violation_error_message=_("There is already a centre of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
