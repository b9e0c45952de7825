from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, FilteredRelation, Func, Q, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.periods import ends_after_start, holding, one_at_a_time
from zentrum.common.text import normalise, searchable
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOST_WORDS = 8  # of a search; more would only slow it down


def by_house() -> Concat:
    """Streets by the alphabet, houses by their number: Markt 2 stands before Markt 10."""
    digits = Func(F("number"), Value(r"\d+"), function="substring", output_field=models.TextField())
    padded = Func(
        Coalesce(digits, Value("")),
        Value(6),
        Value("0"),
        function="lpad",
        output_field=models.TextField(),
    )
    space, rest = Value(" "), searchable("number", "label")
    return Concat(searchable("street"), space, padded, space, rest, output_field=models.TextField())


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: "User") -> "UnitQuerySet":
        """Desk roles see the premises of their centres, with their owners."""
        return self.filter(within_centres(user, OFFICE))

    def active(self) -> "UnitQuerySet":
        return self.filter(archived_at__isnull=True)

    def there_on(self, day: date) -> "UnitQuerySet":
        """Premises that were not archived yet on a day."""
        return self.filter(Q(archived_at__isnull=True) | Q(archived_at__date__gt=day))

    def matching(self, words: str) -> "UnitQuerySet":
        """Every word occurs in the address or in the name of somebody who was ever there."""
        units = self
        for word in normalise(words).split()[:MOST_WORDS]:
            # A union of indexed searches: with OR no trigram index would be used.
            placed = Unit.objects.order_by().filter(search_text__contains=word).values("pk")
            rows = Occupancy.objects.order_by()
            shown = rows.filter(search_text__contains=word).values("unit")
            actors = Actor.objects.order_by().filter(search_text__contains=word).values("pk")
            named = rows.filter(actor__in=actors).values("unit")
            units = units.filter(pk__in=placed.union(shown, named, all=True))
        return units

    def as_on(self, day: date) -> "UnitQuerySet":
        """With what stood in each unit on that day as `now`; None where nobody knows.

        A unit has one state at a time, so the join never doubles a row.
        """
        then = FilteredRelation("occupancies", condition=holding(day, prefix="occupancies__"))
        joined: Any = self.annotate(now=then)
        return joined.select_related("now__actor")

    def offered(self) -> "UnitQuerySet":
        """What the public vacancy list may show: the owner agreed."""
        return self.active().filter(is_offered=True)


@keep_history(exclude=("search_text", "sort_text"))
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
    sort_text = models.GeneratedField(
        expression=by_house(), output_field=models.TextField(), db_persist=True
    )

    now: "Occupancy | None" = None  # set by `as_on`

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("premises")
        verbose_name_plural = _("premises")
        ordering = ["sort_text", "pk"]
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
            models.Index(name="unit_sorted", fields=["centre", "sort_text", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.house}, {self.label}" if self.label else self.house

    @property
    def house(self) -> str:
        return f"{self.street} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return reverse("actors:unit_detail", args=[self.pk])


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def visible_to(self, user: "User") -> "OccupancyQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="unit__"))

    def on(self, day: date) -> "OccupancyQuerySet":
        return self.filter(holding(day))


@keep_history(exclude=("search_text",))
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
    shown_name = models.CharField(
        _("Name on the door"),
        max_length=200,
        blank=True,
        help_text=_("Where the actor is not in the directory."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("How sure?"), choices=Confidence.choices, default=Confidence.TOLD
    )
    note = models.TextField(_("Note"), blank=True)
    search_text = models.GeneratedField(
        expression=searchable("shown_name"), output_field=models.TextField(), db_persist=True
    )

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupancy")
        verbose_name_plural = _("occupancies")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ends_after_start("occupancy_ends_after_start"),
            models.CheckConstraint(
                name="occupancy_vacant_without_actor",
                condition=~Q(state="vacant") | Q(actor__isnull=True, shown_name=""),
                violation_error_message=_("Nobody trades in vacant premises."),
            ),
            one_at_a_time(
                "occupancy_one_at_a_time",
                of="unit",
                message=_("Another state already holds in this time."),
            ),
        ]
        indexes = [
            models.Index(name="occupancy_of_state", fields=["state", "ends_on"]),
            trigram_index("search_text", "occupancy_search"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_state_display()}"

    def clean(self) -> None:
        """Before the database sees it: a range that ends before it starts is no range for it."""
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end lies before the start.")})

    @property
    def who(self) -> str:
        """Who trades there: the actor, else the name that stood on the door."""
        return str(self.actor) if self.actor else self.shown_name

    @property
    def tone(self) -> str:
        return TONES[Occupancy.State(self.state)]


# The colour of a state beside its word, the same everywhere.
TONES = {
    Occupancy.State.TRADING: "success",
    Occupancy.State.CONVERSION: "info",
    Occupancy.State.VACANT: "danger",
    Occupancy.State.INTERIM: "warning",
}
