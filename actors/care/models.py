from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.periods import ends_after_start, holding, one_at_a_time
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    def visible_to(self, user: "User") -> "ContactPersonQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))

    def current(self, on: date) -> "ContactPersonQuerySet":
        return self.filter(holding(on))


@keep_history()
class ContactPerson(TimeStampedModel):
    """Who at the office looks after an actor, from a date to a date (Ansprechperson).

    One at a time: people change, the actor always knows whom to ask.
    """

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="contact_persons")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="contact_person_for",
        verbose_name=_("person at the office"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ends_after_start("contact_person_ends_after_start"),
            one_at_a_time(
                "contact_person_one_at_a_time",
                of="actor",
                message=_("The actor already has a contact person in this time."),
            ),
        ]
        indexes = [models.Index(name="contact_person_of_user", fields=["user", "ends_on"])]

    def __str__(self) -> str:
        return str(self.user)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: "User") -> "HandoverQuerySet":
        """Those of the centres that the user leads, and what they themselves give or take."""
        own = within_centres(user, OFFICE) & (Q(to_user=user.pk) | Q(from_user=user.pk))
        return self.filter(within_centres(user, LEADING) | own)


class Handover(TimeStampedModel):
    """A set of actors passes from one contact person to another, with a file (Übergabe)."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="handovers")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers_given",
        verbose_name=_("from"),
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="handovers_taken",
        verbose_name=_("to"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("on"))
    actors = models.ManyToManyField(Actor, related_name="handovers", verbose_name=_("actors"))
    note = models.TextField(_("Note"), blank=True)
    told_at = models.DateTimeField(_("actors told at"), null=True, blank=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="handover_to_another",
                condition=Q(from_user__isnull=True) | ~Q(from_user=F("to_user")),
                violation_error_message=_("A hand-over needs two different people."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("actors:handover_detail", args=[self.pk])


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: "User") -> "RoundQuerySet":
        return self.filter(within_centres(user, OFFICE))


class Round(TimeStampedModel):
    """A walk through the streets to see people, planned for one day (Rundgang)."""

    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("centre")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rounds"
    )
    on = models.DateField(_("on"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(name="round_once_a_day", fields=["user", "on"])]

    def get_absolute_url(self) -> str:
        return reverse("actors:round_detail", args=[self.pk])


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: "User") -> "VisitQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))

    def done(self) -> "VisitQuerySet":
        return self.filter(visited_at__isnull=False)


@keep_history()
class Visit(TimeStampedModel):
    """Somebody of the office was at an actor's, or means to go; with what was said (Besuch)."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits"
    )
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, null=True, blank=True, related_name="visits"
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Which stop of the round it is, from 1."
    )
    visited_at = models.DateTimeField(_("visited at"), null=True, blank=True)
    met_nobody = models.BooleanField(_("met nobody"), default=False)
    text = models.TextField(_("What was said?"), blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="visit_once_per_round", fields=["round", "actor"])
        ]
        indexes = [models.Index(name="visit_of_actor", fields=["actor", "-visited_at"])]
