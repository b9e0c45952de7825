from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Carrier, Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self) -> "OutgoingMailQuerySet":
        return self.unsent().filter(next_attempt_at__lte=timezone.now())

    def visible_to(self, user: "User") -> "OutgoingMailQuerySet":
        """The mails of the carriers and centres that the user leads (manager, deputy)."""
        return self.filter(within_mandates(user, LEADING))


class OutgoingMail(TimeStampedModel):
    """A mail that the portal sends, written in the transaction of its cause (Postausgang).

    The row is the truth: Celery only delivers it, the tick sweeps what a lost queue forgot.
    """

    key = models.CharField(
        max_length=200,
        unique=True,
        help_text="Says what the mail is about and for whom: the same key is never sent twice.",
    )
    message_id = models.CharField(max_length=200, unique=True)
    to = models.EmailField(_("Recipient"))
    subject = models.CharField(_("Subject"), max_length=250)
    text = models.TextField(_("Text"))
    html = models.TextField(blank=True)
    in_reply_to = models.CharField(max_length=200, blank=True)
    references = models.TextField(blank=True)
    reply_to = models.EmailField(blank=True)
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    is_automatic = models.BooleanField(
        default=True, help_text="Written by the portal, not by a person (RFC 3834)."
    )
    is_confidential = models.BooleanField(
        default=False, help_text="A sign-in code or the like: never shown, wiped once sent."
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="outgoing_mails"
    )
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="outgoing_mails"
    )
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("Last error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="outgoing_mail_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                name="outgoing_mail_unsent",
                fields=["next_attempt_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(name="outgoing_mail_of_desk", fields=["carrier", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def state(self) -> str:
        if self.sent_at:
            return "sent"
        if self.given_up_at:
            return "given_up"
        return "retrying" if self.attempts else "queued"

    @property
    def state_label(self) -> tuple[str | Promise, str]:
        """The state in a word, and the tone of its badge."""
        labels = {
            "sent": (_("sent"), "success"),
            "given_up": (_("given up"), "danger"),
            "retrying": (_("trying again"), "warning"),
            "queued": (_("waiting"), "info"),
        }
        return labels[self.state]


class MailAttachment(models.Model):
    """A stored file that goes out with a mail."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mail_attachment_once", fields=["mail", "file"])
        ]

    def __str__(self) -> str:
        return str(self.file)
