"""Get back to something on a working day: planned by a person, for a person (Wiedervorlage)."""

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases.models import Case
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Carrier, Centre
from zentrum.office.people import stands_in_for

if TYPE_CHECKING:
    from zentrum.accounts.models import User

ABOUT: dict[str, Any] = {"case": Case, "actor": Actor, "idea": Idea, "project": Project}


# Exactly one of the matters is named.
ABOUT_ONE = reduce(
    or_, (Q(**{f"{name}__isnull": name != chosen for name in ABOUT}) for chosen in ABOUT)
)
SHOWN = (  # what a row of a list says; the matters themselves have a hundred columns
    *("due_on", "text", "repeat", "done_at", "withdrawn_at", "version"),
    *("assignee__name", "assignee__email", "created_by__name", "created_by__email"),
    *Actor.named_at("actor"),
    *("case__reference", "case__subject", "idea__reference", "idea__title"),
    *("project__reference", "project__title"),
)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> "FollowUpQuerySet":
        return self.filter(done_at__isnull=True, withdrawn_at__isnull=True)

    def due(self, on: date) -> "FollowUpQuerySet":
        return self.open().filter(due_on__lte=on)

    def with_matters(self) -> "FollowUpQuerySet":
        return self.select_related("assignee", "created_by", *ABOUT).only(*SHOWN)

    def visible_to(self, user: "User") -> "FollowUpQuerySet":
        """Whoever sees the matter and works at the desk, or stands in for who has to do it."""
        sees = Q(pk__in=[])
        for name, model in ABOUT.items():
            sees |= Q(**{f"{name}__in": model.objects.visible_to(user)})
        carriers = {m.carrier_id for m in user.current_mandates if m.role in OFFICE}
        deputises = Q(assignee__in=list(stands_in_for(user)), carrier__in=carriers)
        return self.filter(sees & (within_mandates(user, OFFICE) | deputises))


@keep_history()
class FollowUp(TimeStampedModel):
    """What a colleague of the desk wants to be reminded of on a working day (Wiedervorlage).

    One that repeats is a row for each time: `number` counts them from `begins_on`, the day that was
    asked for first, so that days off move one of them and not the whole series.
    """

    class Repeat(models.TextChoices):
        NEVER = "", _("once")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every three months")
        YEARLY = "yearly", _("every year")

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    idea = models.ForeignKey(
        Idea, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("for whom"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("on"))
    text = models.CharField(_("What is to be done?"), max_length=300)
    repeat = models.CharField(
        _("Repeat"), max_length=10, choices=Repeat.choices, blank=True, default=Repeat.NEVER
    )
    begins_on = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(name="follow_up_about_one_thing", condition=ABOUT_ONE),
            models.CheckConstraint(
                name="follow_up_done_or_withdrawn",
                condition=Q(done_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="follow_up_settled_by_somebody",
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True)
                | Q(settled_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="follow_up_once",
                fields=[*ABOUT, "assignee", "due_on", "text"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                violation_error_message=_("The same follow-up is planned already."),
            ),
        ]
        indexes = [
            models.Index(
                name="follow_up_open",
                fields=["assignee", "due_on"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(
                name="follow_up_open_of_centre",
                fields=["centre", "due_on"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.about})"

    def get_absolute_url(self) -> str:
        return reverse("contacts:follow_up_update", args=[self.pk])

    @property
    def about_name(self) -> str:
        return next(name for name in ABOUT if getattr(self, f"{name}_id"))

    @property
    def about(self) -> Any:
        """The case, actor, idea or project."""
        return getattr(self, self.about_name)

    @property
    def is_open(self) -> bool:
        return not (self.done_at or self.withdrawn_at)
