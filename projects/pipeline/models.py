from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.ideas.models import Idea
from projects.ideas.spelling import comparable
from projects.pipeline.order import starts_before_its_steps
from projects.programme.models import FieldOfAction
from projects.programme.programmes import Goal
from zentrum.accounts.roles import LEADING, OFFICE, Role
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.periods import ends_after_start
from zentrum.common.text import every_word, searchable
from zentrum.office.mandates import within_centres, within_mandates
from zentrum.office.models import Carrier, Centre, Mandate
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User


def money_seen_by(user: "User", *, prefix: str = "") -> Q:
    """Manager and deputy see the money of the desks they lead, the city that of its centres.

    `prefix` leads to the project, such as "project__".
    """
    own = within_mandates(user, LEADING, prefix=prefix)
    return own | within_centres(user, (Role.CITY,), prefix=prefix)


def seen_by(user: "User", *, prefix: str = "") -> Q:
    """The desk sees its carrier's projects, the city those of its centres, a body member the
    public ones. `prefix` leads to the project, such as "project__"."""
    own = within_mandates(user, OFFICE, prefix=prefix)
    if Role.CITY in user.roles:
        own |= within_centres(user, (Role.CITY,), prefix=prefix)
    if Role.BODY_MEMBER in user.roles:
        public = Q(**{f"{prefix}is_public": True})
        own |= within_centres(user, (Role.BODY_MEMBER,), prefix=prefix) & public
    return own


class ProjectQuerySet(models.QuerySet["Project"]):
    def public(self) -> "ProjectQuerySet":
        """Projects with a public page: the one queryset behind every public list, map and feed."""
        return self.filter(is_public=True)

    def running(self) -> "ProjectQuerySet":
        return self.exclude(phase__in=Project.ENDED_PHASES)

    def matching(self, words: str) -> "ProjectQuerySet":
        return self.filter(every_word("search_text", words))

    def with_lead_gone(self) -> "ProjectQuerySet":
        """Adds `lead_gone`: whoever leads the project works at its desk no longer."""
        return self.annotate(lead_gone=~self._lead_at_desk())

    def without_lead(self) -> "ProjectQuerySet":
        """Running projects whose lead works at their desk no longer: nobody is responsible."""
        return self.running().filter(~self._lead_at_desk())

    @staticmethod
    def _lead_at_desk() -> models.Exists:
        project = models.OuterRef
        everywhere = Q(centre=project("centre")) | Q(centre__isnull=True)
        at_desk = Mandate.objects.current(timezone.localdate()).filter(
            everywhere,
            user=project("lead"),
            carrier=project("carrier"),
            role__in=OFFICE,
            user__is_active=True,
        )
        return models.Exists(at_desk)

    def led_by(self, user: "User") -> "ProjectQuerySet":
        """The projects that the user may change: those of the desks they lead."""
        return self.filter(within_mandates(user, LEADING))

    def visible_to(self, user: "User") -> "ProjectQuerySet":
        return self.filter(seen_by(user))


@keep_history(exclude=("search_text", "likeness"))
class Project(TimeStampedModel):
    """A measure for the centre, from the first note to the settled account (Projekt, Maßnahme)."""

    class Phase(models.TextChoices):
        NOTED = "noted", _("noted")
        PREPARATION = "preparation", _("in preparation")
        REGISTERED = "registered", _("registered")
        GRANTED = "granted", _("granted")
        PLANNING = "planning", _("planning")
        TENDERING = "tendering", _("tendering")
        IMPLEMENTATION = "implementation", _("implementation")
        COMPLETED = "completed", _("completed")
        SETTLED = "settled", _("settled")
        PAUSED = "paused", _("paused")
        CANCELLED = "cancelled", _("cancelled")

    events: Any  # kept by the triggers of `keep_history`

    TONES: dict[str, str] = {
        Phase.IMPLEMENTATION: "info",
        Phase.COMPLETED: "success",
        Phase.SETTLED: "success",
        Phase.PAUSED: "warning",
        Phase.CANCELLED: "danger",
    }
    ENDED_PHASES = (Phase.COMPLETED, Phase.SETTLED, Phase.CANCELLED)
    STOPPED_PHASES = (Phase.PAUSED, Phase.CANCELLED)  # need a reason
    ROAD = (
        Phase.NOTED,
        Phase.PREPARATION,
        Phase.REGISTERED,
        Phase.GRANTED,
        Phase.PLANNING,
        Phase.TENDERING,
        Phase.IMPLEMENTATION,
        Phase.COMPLETED,
        Phase.SETTLED,
    )
    # Forward as far as it goes (small measures skip phases), back one, or to the side.
    STEPS: dict[str, tuple[str, ...]] = {
        Phase.NOTED: (*ROAD[1:8], *STOPPED_PHASES),
        Phase.PREPARATION: (*ROAD[2:8], Phase.NOTED, *STOPPED_PHASES),
        Phase.REGISTERED: (*ROAD[3:8], Phase.PREPARATION, *STOPPED_PHASES),
        Phase.GRANTED: (*ROAD[4:8], Phase.REGISTERED, *STOPPED_PHASES),
        Phase.PLANNING: (*ROAD[5:8], Phase.GRANTED, *STOPPED_PHASES),
        Phase.TENDERING: (*ROAD[6:8], Phase.PLANNING, *STOPPED_PHASES),
        Phase.IMPLEMENTATION: (Phase.COMPLETED, Phase.TENDERING, *STOPPED_PHASES),
        Phase.COMPLETED: (Phase.SETTLED, Phase.IMPLEMENTATION),
        Phase.SETTLED: (Phase.COMPLETED,),
        Phase.PAUSED: (*ROAD[:7], Phase.CANCELLED),
        Phase.CANCELLED: (Phase.PREPARATION,),
    }

    class Light(models.TextChoices):
        GREEN = "green", _("on course")
        YELLOW = "yellow", _("at risk")
        RED = "red", _("off course")

    reference = models.CharField(_("Reference"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("What it is about"), help_text=_("In plain words, for everybody."))
    field_of_action = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("field of action"),
    )
    goals = models.ManyToManyField(
        Goal, blank=True, related_name="projects", verbose_name=_("goals it serves")
    )
    phase = models.CharField(_("Phase"), max_length=15, choices=Phase.choices, default=Phase.NOTED)
    phase_reason = models.TextField(_("Reason"), blank=True)
    light = models.CharField(
        _("Traffic light"), max_length=6, choices=Light.choices, default=Light.GREEN
    )
    light_sentence = models.CharField(
        _("Why this traffic light?"),
        max_length=300,
        blank=True,
        help_text=_("One sentence that the city administration can read out."),
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("project lead"),
    )
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="projects", verbose_name=_("centre")
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="projects", verbose_name=_("carrier")
    )
    place = models.CharField(_("Place"), max_length=200, blank=True)
    latitude = latitude_field()
    longitude = longitude_field()
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    is_public = models.BooleanField(_("has a public page"), default=False)
    origins = models.ManyToManyField(
        Idea, blank=True, related_name="projects", verbose_name=_("ideas it grew from")
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.GeneratedField(
        expression=searchable("reference", "title", "summary", "place"),
        output_field=models.TextField(),
        db_persist=True,
    )
    likeness = models.GeneratedField(
        expression=comparable("title", "summary"), output_field=SearchVectorField(), db_persist=True
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-pk"]
        constraints = [
            position_constraint("project_position_whole"),
            ends_after_start("project_ends_after_start"),
            models.CheckConstraint(
                name="project_light_has_sentence",
                condition=Q(light="green") | ~Q(light_sentence=""),
                violation_error_message=_("Say in one sentence why the project is not on course."),
            ),
            models.CheckConstraint(
                name="project_stop_has_reason",
                condition=~Q(phase__in=["paused", "cancelled"]) | ~Q(phase_reason=""),
                violation_error_message=_("Please give the reason why the project stops."),
            ),
        ]
        indexes = [
            trigram_index("search_text", "project_search"),
            GinIndex(name="project_likeness", fields=["likeness"]),
            models.Index(name="project_of_desk", fields=["carrier", "centre", "-id"]),
            models.Index(name="project_by_phase", fields=["centre", "phase"]),
            models.Index(name="project_of_board", fields=["carrier", "centre", "phase", "-id"]),
            models.Index(
                name="project_running",
                fields=["carrier", "centre"],
                condition=~Q(phase__in=["completed", "settled", "cancelled"]),
            ),
        ]
        triggers = [starts_before_its_steps()]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("projects:project_detail", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("projects:project_public", args=[self.reference])

    def is_inside(self, user: "User", roles: tuple[str, ...] = OFFICE) -> bool:
        """Whether the user works at the project's own desk."""
        return any(mandate.covers(self, roles) for mandate in user.current_mandates)

    def shows_money_to(self, user: "User") -> bool:
        """Whether `money_seen_by` finds this row for the user, without a query."""
        of_city = any(
            mandate.role == Role.CITY and mandate.centre_id in (None, self.centre_id)
            for mandate in user.current_mandates
        )
        return of_city or self.is_inside(user, LEADING)

    @property
    def is_stopped(self) -> bool:
        return self.phase in self.STOPPED_PHASES

    @property
    def tone(self) -> str:
        return self.TONES.get(self.phase, "neutral")

    @property
    def next_phases(self) -> tuple[str, ...]:
        return self.STEPS[self.phase]

    @property
    def steps_done(self) -> int:
        """Phases of the road so far, the current one included; 0 when the project is stopped."""
        return self.ROAD.index(self.phase) + 1 if self.phase in self.ROAD else 0

    @property
    def is_running(self) -> bool:
        return self.phase not in self.ENDED_PHASES
