from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.periods import ends_after_start, holding
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User

PERCENT = (MinValueValidator(1), MaxValueValidator(100))


class Group(models.TextChoices):
    """Whom a seat speaks for; quotas are counted by it."""

    ADMINISTRATION = "administration", _("Administration")
    POLITICS = "politics", _("Politics")
    TRADE = "trade", _("Trade and gastronomy")
    OWNERS = "owners", _("Owners")
    RESIDENTS = "residents", _("Residents")
    ASSOCIATIONS = "associations", _("Associations and initiatives")
    INSTITUTIONS = "institutions", _("Institutions (schools, churches, chambers)")
    EXPERTS = "experts", _("Experts")


CIVIL_SOCIETY = (Group.TRADE, Group.OWNERS, Group.RESIDENTS, Group.ASSOCIATIONS)


class BodyQuerySet(models.QuerySet["Body"]):
    def visible_to(self, user: "User") -> "BodyQuerySet":
        """Desk roles see the bodies of their centres."""
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))

    def active(self) -> "BodyQuerySet":
        return self.filter(actor__archived_at__isnull=True)


@keep_history()
class Body(TimeStampedModel):
    """A group that advises or decides, with its rules of procedure as data (Gremium).

    Networks outside the office (`is_external`) are shown with their own link and contact instead of
    being doubled; their seats are kept only as far as the office needs them.
    """

    class Kind(models.TextChoices):
        STEERING_GROUP = "steering_group", _("Steering group")
        LOCAL_PARTNERSHIP = "local_partnership", _("Local partnership")
        ADVISORY_BOARD = "advisory_board", _("Advisory board")
        JURY = "jury", _("Jury")
        WORKING_GROUP = "working_group", _("Working group")
        TRADERS_ASSOCIATION = "traders_association", _("Traders' association")
        NETWORK = "network", _("Other network")

    class Majority(models.TextChoices):
        SIMPLE = "simple", _("more yes than no")
        ABSOLUTE = "absolute", _("more than half of all voting seats")
        TWO_THIRDS = "two_thirds", _("two thirds of the votes cast")

    actor = models.OneToOneField(
        Actor, on_delete=models.CASCADE, related_name="body", verbose_name=_("actor")
    )
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    is_external = models.BooleanField(
        _("exists outside the office"),
        default=False,
        help_text=_("The office shows it and takes part, but does not run it."),
    )
    contact = models.ForeignKey(
        Actor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact_of_bodies",
        verbose_name=_("contact"),
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("Quorum (percent of the voting seats)"), null=True, blank=True, validators=PERCENT
    )
    quorum_seats = models.PositiveSmallIntegerField(
        _("Quorum (number of voting members)"), null=True, blank=True
    )
    majority = models.CharField(
        _("Majority"), max_length=15, choices=Majority.choices, default=Majority.SIMPLE
    )
    seats_planned = models.PositiveSmallIntegerField(
        _("Voting seats according to the rules"), null=True, blank=True
    )
    rules_source = models.CharField(
        _("Rules of procedure"),
        max_length=200,
        blank=True,
        help_text=_("Resolution and date, such as: Council, 4 May 2026."),
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["actor__sort_text", "pk"]
        constraints = [
            models.CheckConstraint(
                name="body_quorum_percent",
                condition=Q(quorum_percent__isnull=True) | Q(quorum_percent__range=(1, 100)),
                violation_error_message=_("A share lies between 1 and 100 percent."),
            )
        ]

    def __str__(self) -> str:
        return str(self.actor)

    def get_absolute_url(self) -> str:
        return reverse("actors:body_detail", args=[self.pk])


@keep_history()
class Quota(TimeStampedModel):
    """A rule on who has the voting seats of a body (Quote).

    Such as "at least half civil society" or "no group above 49 %" (scope: each single group).
    """

    class Scope(models.TextChoices):
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        EACH = "each", _("each single group")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="quotas")
    group = models.CharField(
        _("Group"), max_length=20, choices=[*Scope.choices, *Group.choices], default=Scope.EACH
    )
    at_least_percent = models.PositiveSmallIntegerField(
        _("at least (percent of the voting seats)"), null=True, blank=True, validators=PERCENT
    )
    at_most_percent = models.PositiveSmallIntegerField(
        _("at most (percent of the voting seats)"), null=True, blank=True, validators=PERCENT
    )

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="quota_says_something",
                condition=Q(at_least_percent__isnull=False) | Q(at_most_percent__isnull=False),
                violation_error_message=_("A quota needs a lowest or a highest share."),
            ),
            models.CheckConstraint(
                name="quota_least_below_most",
                condition=Q(at_least_percent__isnull=True)
                | Q(at_most_percent__isnull=True)
                | Q(at_least_percent__lte=F("at_most_percent")),
                violation_error_message=_("The lowest share lies above the highest."),
            ),
            models.UniqueConstraint(
                name="quota_once_per_group",
                fields=["body", "group"],
                violation_error_message=_("This group already has a quota."),
            ),
        ]


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: "User") -> "SeatQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="body__actor__"))

    def current(self, on: date) -> "SeatQuerySet":
        return self.filter(holding(on))


@keep_history(exclude=("submission",))
class Seat(TimeStampedModel):
    """A place in a body, from a date to a date; empty as long as nobody holds it (Sitz)."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("person"),
        help_text=_("Empty: the seat is vacant."),
    )
    represents = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_by_seats",
        verbose_name=_("speaks for"),
    )
    deputy = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_seats",
        verbose_name=_("deputy"),
    )
    group = models.CharField(_("Group"), max_length=20, choices=Group.choices)
    is_voting = models.BooleanField(_("has a vote"), default=True)
    function = models.CharField(
        _("Function"), max_length=100, blank=True, help_text=_("Such as chair or minutes.")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    submission = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="Of the form that created it: pressing the button twice makes one seat.",
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["-is_voting", "group", "pk"]
        constraints = [
            ends_after_start("seat_ends_after_start"),
            models.CheckConstraint(
                name="seat_deputy_is_another",
                condition=Q(deputy__isnull=True) | Q(person__isnull=True) | ~Q(deputy=F("person")),
                violation_error_message=_("Somebody cannot be their own deputy."),
            ),
            models.UniqueConstraint(
                name="seat_once_per_person_and_start",
                fields=["body", "person", "starts_on"],
                violation_error_message=_("This person already has a seat from this day."),
            ),
        ]
        indexes = [models.Index(name="seat_of_body", fields=["body", "ends_on"])]
