from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from zentrum.common.models import TimeStampedModel


class Reason(models.TextChoices):
    TRAP = "trap", _("The hidden field was filled in.")
    FAST = "fast", _("Filled in within seconds.")
    LINKS = "links", _("Many links.")
    MARKUP = "markup", _("Contains HTML or similar code.")
    FLOOD = "flood", _("Many submissions from this e-mail address within a day.")
    NOBODY = "nobody", _("Nobody at the desk held a mandate.")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def quarantined(self) -> "SubmissionQuerySet":
        return self.filter(
            quarantined_at__isnull=False, case__isnull=True, discarded_at__isnull=True
        )


class Submission(TimeStampedModel):
    """What somebody enters in the public form: a draft first, then exactly one case (Einreichung).

    A suspicious one is kept in quarantine: no case, no mail, until a person releases it.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    data = models.JSONField(_("Entries"), default=dict)
    language = models.CharField(max_length=5, default="de")
    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="submission"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    quarantined_at = models.DateTimeField(_("in quarantine since"), null=True, blank=True)
    quarantine_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="submission_quarantined_with_reason",
                condition=Q(quarantined_at__isnull=True) | ~Q(quarantine_reason=""),
            )
        ]
        indexes = [
            models.Index(name="submission_age", fields=["updated_at"]),
            models.Index(
                name="submission_quarantined",
                fields=["-id"],
                condition=Q(
                    quarantined_at__isnull=False, case__isnull=True, discarded_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.token)

    @property
    def reason(self) -> str:
        """Why it is in quarantine, in words."""
        return str(dict(Reason.choices).get(self.quarantine_reason, self.quarantine_reason))
