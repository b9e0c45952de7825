from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: "User") -> "CandidateQuerySet":
        """Pairs of which both stand in centres that the user leads."""
        return self.filter(
            within_centres(user, LEADING, prefix="first__"),
            within_centres(user, LEADING, prefix="second__"),
        )

    def open(self) -> "CandidateQuerySet":
        return self.filter(
            decided_at__isnull=True,
            first__archived_at__isnull=True,
            second__archived_at__isnull=True,
        )


class Candidate(TimeStampedModel):
    """Two actors that may be the same, with the reasons; "not the same" is remembered (Dublette).

    `first` has the smaller key, so that a pair stands here once.
    """

    first = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="candidates")
    second = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="candidates_back")
    score = models.PositiveSmallIntegerField(_("Score"), help_text="0 to 100.")
    reasons = models.JSONField(
        default=list, help_text="Per compared field: field, score, first, second."
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="Not the same, said …")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(name="candidate_once", fields=["first", "second"]),
            models.CheckConstraint(
                name="candidate_smaller_key_first", condition=Q(first__lt=F("second"))
            ),
        ]
        indexes = [models.Index(name="candidate_open", fields=["decided_at", "-score"])]


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: "User") -> "MergeQuerySet":
        return self.filter(
            within_centres(user, LEADING, prefix="kept__"),
            within_centres(user, LEADING, prefix="merged__"),
        )


class Merge(TimeStampedModel):
    """Two actors became one; everything needed to undo it within 30 days (Zusammenführung)."""

    kept = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="merged_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(
        default=dict, help_text="The fields of the kept actor before, by name."
    )
    moved = models.JSONField(
        default=list, help_text="Rows that were moved, changed or deleted, with their old values."
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("merged"))),
            models.UniqueConstraint(
                name="merge_once", fields=["merged"], condition=Q(undone_at__isnull=True)
            ),
        ]
