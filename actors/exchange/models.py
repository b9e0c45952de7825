from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel
from zentrum.files.models import StoredFile
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    def visible_to(self, user: "User") -> "SourceRecordQuerySet":
        return self.filter(within_centres(user, LEADING, prefix="actor__"))

    def possibly_closed(self) -> "SourceRecordQuerySet":
        """Current actors that the newest file of their source lacks, until somebody looked."""
        missing = self.filter(missing_since__isnull=False, checked_at__isnull=True)
        return missing.filter(actor__archived_at__isnull=True)


class SourceRecord(TimeStampedModel):
    """How an outside source names an actor: a second import of the same file changes nothing."""

    source = models.CharField(_("Source"), max_length=50)
    external_id = models.CharField(_("Identifier in the source"), max_length=200)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="source_records")
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 of the values last taken over from the source."
    )
    values = models.JSONField(
        default=dict,
        help_text="Those values: shows what the source changed and what the office did.",
    )
    last_seen_at = models.DateTimeField(_("last seen at"))
    missing_since = models.DateTimeField(
        _("missing since"), null=True, blank=True, help_text="The first whole file that lacks it."
    )
    checked_at = models.DateTimeField(
        _("checked at"), null=True, blank=True, help_text="Somebody looked: it is still there."
    )

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a source")
        verbose_name_plural = _("entries of sources")
        constraints = [
            models.UniqueConstraint(name="source_record_once", fields=["source", "external_id"])
        ]
        indexes = [
            models.Index(
                name="source_record_missing",
                fields=["missing_since"],
                condition=Q(missing_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: "User") -> "ImportRunQuerySet":
        """Imports into the centres that the user leads (manager, deputy)."""
        return self.filter(within_centres(user, LEADING))


class ImportRun(TimeStampedModel):
    """One import of a file of actors: staged, previewed, then taken over (Import)."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("waits for its columns")
        STAGING = "staging", _("is being read")
        PREVIEW = "preview", _("ready for a look")
        RUNNING = "running", _("is being taken over")
        DONE = "done", _("taken over")
        FAILED = "failed", _("failed")

    source = models.CharField(_("Source"), max_length=50)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("File name"), max_length=200)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField(_("Columns"), default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: from the command line.",
    )
    state = models.CharField(
        _("State"), max_length=10, choices=State.choices, default=State.MAPPING
    )
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(
        default=dict, help_text="created, updated, unchanged, missing, rejected: numbers of rows."
    )
    lacking = models.JSONField(
        default=dict,
        help_text="Categories without any row in the file: how many known actors they have.",
    )
    mends = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mended_by",
        help_text="This file brings only mended rows of that import: nothing is missing in it.",
    )
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("actors:import_detail", args=[self.pk])


class ImportRow(models.Model):
    """One row of an import, with what became of it and why."""

    class Action(models.TextChoices):
        CREATE = "create", _("new")
        UPDATE = "update", _("changed")
        KEEP = "keep", _("unchanged")
        MISSING = "missing", _("missing in the file")
        REJECT = "reject", _("refused")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(
        help_text="Line in the file, the heading is 1; 0: missing."
    )
    external_id = models.CharField(max_length=200, blank=True)
    raw = models.JSONField(default=dict, help_text="The row as the file gave it.")
    values = models.JSONField(default=dict, help_text="What the mapping made of it.")
    action = models.CharField(max_length=10, choices=Action.choices)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(
        Actor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(
                name="import_row_refused_with_reason",
                condition=~Q(action="reject") | ~Q(reason=""),
            )
        ]
        indexes = [models.Index(name="import_row_of_run", fields=["run", "action", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_action_display()}"


class SavedMapping(TimeStampedModel):
    """Which column of a source means what, remembered for the next file (Zuordnung)."""

    source = models.CharField(_("Source"), max_length=50, unique=True)
    columns = models.JSONField(_("Columns"), default=dict)

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")

    def __str__(self) -> str:
        return self.source


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def visible_to(self, user: "User") -> "LetterTemplateQuerySet":
        """Those of the centres that the user leads; who leads any also sees those of the town."""
        leads = any(mandate.role in LEADING for mandate in user.current_mandates)
        of_the_town = Q(centre__isnull=True) if leads else Q(pk__in=[])
        return self.filter(within_centres(user, LEADING) | of_the_town)

    def removable_by(self, user: "User") -> "LetterTemplateQuerySet":
        """Those of the centres that the user leads; those of the town by who leads all centres."""
        return self.filter(within_centres(user, LEADING))


class LetterTemplate(TimeStampedModel):
    """A Word file of the office with placeholders, for actors without mail (Serienbrief)."""

    name = models.CharField(_("Name"), max_length=100)
    centre = models.ForeignKey(
        Centre,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Centre"),
        help_text=_("Empty: for the whole town."),
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="letter_template_name_once",
                fields=["centre", "name"],
                nulls_distinct=False,
                violation_error_message=_("There is a letter template of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
