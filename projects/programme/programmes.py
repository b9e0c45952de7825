from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.programme.models import FieldOfAction
from zentrum.accounts.roles import LEADING, OFFICE, Role
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.periods import ends_after_start
from zentrum.files.models import StoredFile
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User

READERS = (*OFFICE, Role.CITY, Role.BODY_MEMBER)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: "User") -> "ProgrammeQuerySet":
        """Office, city and body members see the programmes of their centres, of any carrier."""
        return self.filter(within_centres(user, READERS))

    def led_by(self, user: "User") -> "ProgrammeQuerySet":
        """The programmes that the user may change: those of the centres whose desk they lead."""
        return self.filter(within_centres(user, LEADING))


@keep_history()
class Programme(TimeStampedModel):
    """A funding area by resolution, from a date to a date (Fördergebiet).

    Its boundary is the area of the centre: one line on every map.
    """

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("centre")
    )
    name = models.CharField(_("Name"), max_length=200)
    resolution = models.CharField(
        _("Resolution"),
        max_length=200,
        blank=True,
        help_text=_("Which body, and the number of the resolution."),
    )
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    document = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document of the resolution"),
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-starts_on", "name"]
        constraints = [
            ends_after_start("programme_ends_after_start"),
            models.CheckConstraint(
                name="programme_has_name",
                condition=~models.Q(name=""),
                violation_error_message=_("Please give the programme a name."),
            ),
            models.UniqueConstraint(
                name="programme_once",
                fields=["centre", "name"],
                violation_error_message=_("This centre already has a programme of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:programme_detail", args=[self.pk])

    def is_led_by(self, user: "User") -> bool:
        """Whether `led_by` finds this row for the user, without a query."""
        return any(
            mandate.role in LEADING and mandate.centre_id in (None, self.centre_id)
            for mandate in user.current_mandates
        )


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, user: "User") -> "GoalQuerySet":
        return self.filter(within_centres(user, READERS, prefix="programme__"))

    def led_by(self, user: "User") -> "GoalQuerySet":
        return self.filter(within_centres(user, LEADING, prefix="programme__"))

    def of_centre(self, centre: int) -> "GoalQuerySet":
        """What projects and ideas of this centre may serve, programme by programme."""
        goals = self.filter(programme__centre=centre).select_related("programme")
        return goals.order_by("-programme__starts_on", "programme", "position", "pk")


@keep_history()
class Goal(TimeStampedModel):
    """What a programme wants to reach (Ziel); projects serve it, indicators measure it."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="goals", verbose_name=_("programme")
    )
    title = models.CharField(_("Goal"), max_length=200)
    text = models.TextField(_("What it means"), blank=True)
    field_of_action = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("field of action"),
    )
    position = models.PositiveSmallIntegerField(_("Position"), editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="goal_has_title",
                condition=~models.Q(title=""),
                violation_error_message=_("Please name the goal."),
            ),
            models.UniqueConstraint(
                name="goal_once",
                fields=["programme", "title"],
                violation_error_message=_("This programme already has this goal."),
            ),
            models.UniqueConstraint(
                name="goal_one_at_a_position",
                fields=["programme", "position"],
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.title
