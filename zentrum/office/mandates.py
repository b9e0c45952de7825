from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.roles import Role
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.periods import ends_after_start, holding

if TYPE_CHECKING:
    from zentrum.accounts.models import User


@keep_history()
class Carrier(TimeStampedModel):
    """Who runs the office, or a part of it (Träger).

    Inside the administration, an existing institution or an external contractor; several carriers
    side by side are the combination. Two carriers share a desk but keep their own case files.
    """

    class Kind(models.TextChoices):
        ADMINISTRATION = "administration", _("inside the administration")
        INSTITUTION = "institution", _("existing institution or network")
        CONTRACTOR = "contractor", _("external contractor")

    name = models.CharField(_("Name"), max_length=150, unique=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    def current(self, on: date) -> "MandateQuerySet":
        return self.filter(holding(on))

    def for_desk(self, carrier: Carrier | int, centre: models.Model | int) -> "MandateQuerySet":
        """Mandates of this carrier that cover this centre; a mandate without centre covers all."""
        return self.filter(Q(centre=centre) | Q(centre__isnull=True), carrier=carrier)


@keep_history()
class Mandate(TimeStampedModel):
    """A person's role for a carrier in a centre, from a date to a date (Mandat).

    Access begins and ends with it; the data stay.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="mandates",
        verbose_name=_("person"),
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("carrier")
    )
    centre = models.ForeignKey(
        "office.Centre",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("centre"),
        help_text=_("Empty: all centres of the town."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            ends_after_start("mandate_ends_after_start"),
            models.UniqueConstraint(
                name="mandate_once",
                fields=["user", "role", "carrier", "centre", "starts_on"],
                nulls_distinct=False,
                violation_error_message=_("This person already has this mandate."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def covers(self, row: Any, roles: tuple[str, ...]) -> bool:
        """Whether this is a mandate in one of these roles for the row's carrier and centre."""
        if self.role not in roles or self.carrier_id != row.carrier_id:
            return False
        return self.centre_id in (None, row.centre_id)


def within_mandates(user: "User", roles: tuple[str, ...], *, prefix: str = "") -> Q:
    """Rows whose `carrier` and `centre` a mandate of the user in one of these roles covers.

    `prefix` leads to the row that carries the two fields, such as "project__".
    Nobody without such a mandate sees any row: the condition is then never true.
    """
    parts = []
    for mandate in user.current_mandates:
        if mandate.role in roles:
            where = {f"{prefix}carrier": mandate.carrier_id}
            if mandate.centre_id:
                where[f"{prefix}centre"] = mandate.centre_id
            parts.append(Q(**where))
    return _any_of(parts)


def within_centres(user: "User", roles: tuple[str, ...], *, prefix: str = "") -> Q:
    """Rows in a centre that a mandate of the user in one of these roles covers, any carrier."""
    parts = []
    for mandate in user.current_mandates:
        if mandate.role in roles:
            if not mandate.centre_id:
                return ~Q(pk__in=[])  # every row; an empty Q() would vanish when or-ed
            parts.append(Q(**{f"{prefix}centre": mandate.centre_id}))
    return _any_of(parts)


def _any_of(parts: list[Q]) -> Q:
    """Never true without parts: an empty Q() would be true."""
    return Q(*parts, _connector=Q.OR) if parts else Q(pk__in=[])
