"""Milestones and tasks of a project, and what lists of projects say of them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from projects.pipeline.models import Project, ProjectQuerySet, seen_by
from projects.pipeline.order import within_the_project
from zentrum.common.models import TimeStampedModel, keep_history

if TYPE_CHECKING:
    from zentrum.accounts.models import User

BEFORE_START = _("This lies before the start of the project, %(day)s.")


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def due(self, on: date) -> "MilestoneQuerySet":
        """Not reached, although planned for this day or earlier."""
        return self.filter(reached_on__isnull=True, planned_on__lte=on)

    def owned_by(self, people: Iterable["User | int"]) -> "MilestoneQuerySet":
        """Those these people answer for: by name, or because they lead the project."""
        people = list(people)
        unnamed = Q(person__isnull=True, project__lead__in=people)
        return self.filter(Q(person__in=people) | unnamed)

    def of_running(self) -> "MilestoneQuerySet":
        return self.exclude(project__phase__in=Project.ENDED_PHASES)

    def visible_to(self, user: "User") -> "MilestoneQuerySet":
        return self.filter(seen_by(user, prefix="project__"))


@keep_history()
class Milestone(TimeStampedModel):
    """A step of a project with the date it is planned for and the date it was reached.

    A task (Aufgabe) takes from `starts_on` to `planned_on`; a milestone has no start of its own.
    A colleague or an actor answers for it, else whoever leads the project.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("Milestone"), max_length=200)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    planned_on = models.DateField(_("planned for"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("responsible colleague"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("responsible actor"),
    )
    is_public = models.BooleanField(_("public"), default=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="milestone_once",
                fields=["project", "title", "planned_on"],
                violation_error_message=_("This milestone is already there."),
            ),
            models.CheckConstraint(
                name="milestone_begins_before_its_end",
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("planned_on")),
                violation_error_message=_("A task cannot begin after the day it is planned for."),
            ),
            models.CheckConstraint(
                name="milestone_one_responsible",
                condition=Q(person__isnull=True) | Q(actor__isnull=True),
                violation_error_message=_("Either a colleague or an actor is responsible."),
            ),
        ]
        indexes = [
            models.Index(
                name="milestone_due", fields=["planned_on"], condition=Q(reached_on__isnull=True)
            ),
            models.Index(name="milestone_planned", fields=["planned_on"]),
        ]
        triggers = [within_the_project()]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        for name in ("starts_on", "planned_on"):
            day = getattr(self, name)
            if day and day < self.project.starts_on and name in self._moved():
                raise ValidationError({name: BEFORE_START % {"day": _day(self.project.starts_on)}})

    def _moved(self) -> set[str]:
        """The days that differ from the saved row; what was planned long ago may stay."""
        saved = Milestone.objects.filter(pk=self.pk).first()
        names = ("starts_on", "planned_on")
        return {name for name in names if getattr(saved, name, None) != getattr(self, name)}

    @property
    def first_day(self) -> date:
        return self.starts_on or self.planned_on

    @property
    def owner(self) -> "User":
        """The colleague whom the office reminds of it."""
        return self.person or self.project.lead

    @property
    def is_late(self) -> bool:
        """Reached after the planned day, or not reached although the day is over."""
        return (self.reached_on or timezone.localdate()) > self.planned_on


def with_progress(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Adds `milestone_count` and `reached_count` of the public milestones."""
    public = Milestone.objects.filter(project=models.OuterRef("pk"), is_public=True)
    return projects.annotate(
        milestone_count=_counted(public),
        reached_count=_counted(public.filter(reached_on__isnull=False)),
    )


def with_next_milestone(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Adds `next_milestone_on`, the planned date of the first milestone not reached."""
    missing = Milestone.objects.filter(project=models.OuterRef("pk"), reached_on__isnull=True)
    first = missing.order_by("planned_on").values("planned_on")[:1]
    return projects.annotate(next_milestone_on=models.Subquery(first))


def _counted(rows: models.QuerySet) -> models.Subquery:
    """How many rows a correlated query finds, counted for the rows of the page only."""
    whole = models.IntegerField()
    count = models.Func(function="count", template="count(*)", output_field=whole)
    numbers = rows.order_by().annotate(n=count)
    return models.Subquery(numbers.values("n"), output_field=whole)
