"""What people around a building site are told, where it is, and who was told."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from projects.pipeline.models import Project
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.periods import ends_after_start, lasting
from zentrum.mail.models import OutgoingMail
from zentrum.office.places import validate_area

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOST_BUFFER = 500  # metres


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


class SiteNoticeQuerySet(models.QuerySet["SiteNotice"]):
    def public(self) -> "SiteNoticeQuerySet":
        return self.filter(is_public=True, project__is_public=True)

    def lasting(self, on: date) -> "SiteNoticeQuerySet":
        """Coming or in force on that day, the nearest first."""
        return self.filter(lasting(on)).order_by("starts_on", "pk")

    def with_told_count(self) -> "SiteNoticeQuerySet":
        return self.annotate(told_count=models.Count("recipients"))

    def visible_to(self, user: "User") -> "SiteNoticeQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))


@keep_history(exclude=("area",))
class SiteNotice(TimeStampedModel):
    """A building phase that disturbs the neighbours: where, from when to when, whom to ask
    (Baustellen-Info)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="site_notices")
    title = models.CharField(_("Title"), max_length=150)
    text = models.TextField(
        _("What is disturbed"),
        help_text=_("In plain words: noise, dust, closed paths, deliveries."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    contact = models.CharField(
        _("Whom to ask"),
        max_length=300,
        help_text=_("Name and phone number of somebody who can help at once."),
    )
    area = models.JSONField(_("Area"), validators=[validate_area])
    buffer = models.PositiveSmallIntegerField(
        _("Metres around it"),
        default=50,
        validators=[MaxValueValidator(MOST_BUFFER)],
        help_text=_("Whoever has an address that near is told, too."),
    )
    is_public = models.BooleanField(_("on the public page of the project"), default=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True, editable=False)

    objects = SiteNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("site notice")
        verbose_name_plural = _("site notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ends_after_start("site_notice_ends_after_start"),
            models.CheckConstraint(
                name="site_notice_buffer_in_range", condition=Q(buffer__lte=MOST_BUFFER)
            ),
            models.UniqueConstraint(
                name="site_notice_once",
                fields=["project", "title", "starts_on"],
                violation_error_message=_("This site notice is already there."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:site_notice_detail", args=[self.project_id, self.pk])

    @property
    def days_in_words(self) -> str:
        """From when to when, in words."""
        if self.ends_on is None:
            return _("From %(day)s on") % {"day": _day(self.starts_on)}
        if self.ends_on == self.starts_on:
            return _day(self.starts_on)
        return _("%(first)s to %(last)s") % {
            "first": _day(self.starts_on),
            "last": _day(self.ends_on),
        }


@keep_history()
class SiteNoticeRecipient(TimeStampedModel):
    """An actor who was told of a building site, when and how; each of them once."""

    class Way(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        LETTER = "letter", _("by letter")

    notice = models.ForeignKey(
        SiteNotice,
        on_delete=models.CASCADE,
        related_name="recipients",
        verbose_name=_("site notice"),
    )
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, related_name="site_notices", verbose_name=_("actor")
    )
    way = models.CharField(_("How"), max_length=6, choices=Way.choices)
    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("e-mail"),
    )

    class Meta:
        verbose_name = _("recipient of a site notice")
        verbose_name_plural = _("recipients of site notices")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="site_notice_recipient_once", fields=["notice", "actor"]),
            models.CheckConstraint(
                name="site_notice_recipient_mail",
                condition=Q(way="mail", mail__isnull=False) | Q(way="letter", mail__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}, {self.get_way_display()}"
