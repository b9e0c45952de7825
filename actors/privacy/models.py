from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.consent_triggers import CONSENT_OF_NO_PERSON
from actors.directory.models import Actor
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.files.models import StoredFile
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: "User") -> "ConsentQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))

    def current(self, on: date) -> "ConsentQuerySet":
        return self.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on), given_on__lte=on)


@keep_history()
class Consent(TimeStampedModel):
    """An actor agreed to something, to which text, and how it is known (Einwilligung)."""

    class Purpose(models.TextChoices):
        DIRECTORY = "directory", _("stand in the public directory")
        CONTACT_DATA = "contact_data", _("show phone and e-mail address there")
        NEWS = "news", _("receive news of the office")
        PICTURES = "pictures", _("show pictures")

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=15, choices=Purpose.choices)
    text_version = models.CharField(
        _("Version of the text"), max_length=50, help_text=_("Such as: form of May 2026.")
    )
    given_on = models.DateField(_("given on"))
    source = models.CharField(
        _("Source"), max_length=200, help_text=_("Such as: signed form, e-mail, at the counter.")
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["purpose", "-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
            models.UniqueConstraint(
                name="consent_one_current",
                fields=["actor", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("This consent is already there."),
            ),
        ]
        indexes = [models.Index(name="consent_of_purpose", fields=["purpose", "actor"])]
        triggers = [CONSENT_OF_NO_PERSON]


@keep_history()
class RetentionRule(TimeStampedModel):
    """How long a class of data is kept after which event, and what happens then (Löschregel).

    From these rows the record of processing is generated (Art. 30 GDPR).
    """

    class DataClass(models.TextChoices):
        CONTACT = "contact", _("contact data of a person")
        CASE = "case", _("closed case")
        DRAFT = "draft", _("draft of a form")
        MAIL = "mail", _("sent mail")
        VISIT = "visit", _("visit")

    class Action(models.TextChoices):
        DELETE = "delete", _("delete")
        ANONYMISE = "anonymise", _("anonymise")
        OFFER = "offer", _("offer to the archive, then delete")

    data_class = models.CharField(_("Data"), max_length=15, choices=DataClass.choices, unique=True)
    months = models.PositiveSmallIntegerField(_("kept for (months)"))
    action = models.CharField(_("then"), max_length=10, choices=Action.choices)
    purpose = models.TextField(_("Purpose of the processing"))
    legal_basis = models.TextField(_("Legal basis"))
    recipients = models.TextField(_("Recipients"), blank=True)
    is_active = models.BooleanField(_("proposed each night"), default=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["data_class"]
        constraints = [
            models.CheckConstraint(name="retention_rule_months", condition=Q(months__gte=1))
        ]

    def __str__(self) -> str:
        return self.get_data_class_display()


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def running(self) -> "DisclosureQuerySet":
        return self.filter(state=Disclosure.State.RUNNING)

    def visible_to(self, user: "User") -> "DisclosureQuerySet":
        return self.filter(within_centres(user, LEADING, prefix="actor__"))


class Disclosure(models.Model):
    """An actor is told everything that is kept about it, as a file (Auskunft, Art. 15 GDPR)."""

    class State(models.TextChoices):
        RUNNING = "running", _("is being put together")
        READY = "ready", _("ready to be downloaded")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("file removed after seven days")

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="disclosures")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="Rows in the file, by section.")
    flagged = models.PositiveIntegerField(default=0, help_text="Rows that name another person.")
    state = models.CharField(
        _("State"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker showed last that it is at it."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_out_at = models.DateTimeField(null=True, blank=True, help_text="The first download.")
    handed_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="disclosure_file_while_ready",
                condition=Q(state="ready", file__isnull=False)
                | (~Q(state="ready") & Q(file__isnull=True)),
            )
        ]
        indexes = [
            models.Index(
                name="disclosure_unfinished",
                fields=["state", "finished_at"],
                condition=Q(state__in=["running", "ready"]),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("actors:disclosure_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[Disclosure.State(self.state)]


# The colour of a state beside its word, the same everywhere.
TONES = {
    Disclosure.State.RUNNING: "info",
    Disclosure.State.READY: "success",
    Disclosure.State.FAILED: "danger",
    Disclosure.State.REMOVED: "neutral",
}


class RetentionProposalQuerySet(models.QuerySet["RetentionProposal"]):
    def visible_to(self, user: "User") -> "RetentionProposalQuerySet":
        return self.filter(within_centres(user, LEADING))

    def open(self) -> "RetentionProposalQuerySet":
        return self.filter(decided_at__isnull=True)


class RetentionProposal(TimeStampedModel):
    """A row whose time is over, waiting for a person to confirm (Löschvorschlag)."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.CASCADE, related_name="proposals")
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=300)
    row = models.PositiveBigIntegerField(help_text="Primary key in the table of the data class.")
    due_on = models.DateField(_("due on"))
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_kept = models.BooleanField(default=False, help_text="The person decided to keep the row.")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    objects = RetentionProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention proposal")
        verbose_name_plural = _("retention proposals")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="retention_proposal_once", fields=["rule", "row"])
        ]


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: "User") -> "ErasureQuerySet":
        return self.filter(within_centres(user, LEADING))


class Erasure(models.Model):
    """An actor was erased: when, by whom, how many rows; never whom (Löschprotokoll)."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="Rows deleted and anonymised, by table.")
    reason = models.CharField(_("Reason"), max_length=300)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]
