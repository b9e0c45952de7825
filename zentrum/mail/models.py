from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Carrier, Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


FAILED = Q(given_up_at__isnull=False) | Q(bounced_at__isnull=False, is_bounce_permanent=True)

STATES: dict[str, tuple[str | Promise, str]] = {  # in a word, and the tone of its badge
    "sent": (_("sent"), "success"),
    "given_up": (_("given up"), "danger"),
    "bounced": (_("came back"), "danger"),
    "delayed": (_("delayed"), "warning"),
    "retrying": (_("trying again"), "warning"),
    "queued": (_("waiting"), "info"),
}


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self) -> "OutgoingMailQuerySet":
        return self.unsent().filter(next_attempt_at__lte=timezone.now())

    def failed(self) -> "OutgoingMailQuerySet":
        """What did not arrive: given up here, or sent back for good by another server."""
        return self.filter(FAILED)

    def needing_care(self) -> "OutgoingMailQuerySet":
        """Failed, and nobody has dealt with it."""
        return self.filter(FAILED & Q(settled_at__isnull=True))

    def to_addresses(self, addresses: Iterable[str]) -> "OutgoingMailQuerySet":
        wanted = {address.lower() for address in addresses if address}
        return self.alias(address=Lower("to")).filter(address__in=wanted)

    def with_copies(self, first_ids: Iterable[int]) -> "OutgoingMailQuerySet":
        """All deliveries of these mails, in the order of their recipients."""
        ids = list(first_ids)
        return self.filter(Q(pk__in=ids) | Q(copy_of__in=ids)).order_by("pk")

    def visible_to(self, user: "User") -> "OutgoingMailQuerySet":
        """The mails of the carriers and centres that the user leads (manager, deputy)."""
        return self.filter(within_mandates(user, LEADING))


class OutgoingMail(TimeStampedModel):
    """One delivery of a mail to one recipient, written with its cause (Postausgang).

    The row is the truth: Celery only delivers it, the tick sweeps what a lost queue forgot. A mail
    to several people is several rows with the same Message-ID and the same visible recipients:
    the first one carries the files, the others are its copies, and each has a state of its own.
    """

    key = models.CharField(
        max_length=200,
        unique=True,
        help_text="Says what the mail is about and for whom: the same key is never sent twice.",
    )
    message_id = models.CharField(max_length=200)
    to = models.EmailField(_("Recipient"))
    to_header = models.TextField(
        blank=True, help_text="Everybody this mail names as its recipient. Empty: `to` alone."
    )
    cc_header = models.TextField(blank=True)
    copy_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="copies"
    )
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
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    is_bounce_permanent = models.BooleanField(
        default=False, help_text="The address does not work; else the other server tries on."
    )
    bounce_reason = models.TextField(_("Reason"), blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="It did not arrive, and somebody has dealt with that."
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="outgoing_mail_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
            models.CheckConstraint(
                name="outgoing_mail_bounced_for_good",
                condition=Q(bounced_at__isnull=False) | Q(is_bounce_permanent=False),
            ),
            models.UniqueConstraint(
                # An erased recipient is nobody, in several copies perhaps.
                name="outgoing_mail_once_per_recipient",
                fields=["message_id", "to"],
                condition=~Q(to=""),
            ),
        ]
        indexes = [
            models.Index(
                name="outgoing_mail_unsent",
                fields=["next_attempt_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(name="outgoing_mail_of_desk", fields=["carrier", "-id"]),
            models.Index(name="outgoing_mail_message_id", fields=["message_id"]),
            models.Index(
                name="outgoing_mail_needs_care",
                fields=["id"],
                condition=FAILED & Q(settled_at__isnull=True),
            ),
            models.Index(
                Lower("to"),
                name="outgoing_mail_bounced",
                condition=Q(bounced_at__isnull=False, is_bounce_permanent=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def first(self) -> "OutgoingMail":
        """The row that carries the files of all copies."""
        return self.copy_of or self

    @property
    def deliveries(self) -> "list[OutgoingMail]":
        """This row, the first one, and its copies, in the order of the recipients.

        Only a mail to several people, which names them in its header, has copies.
        """
        if not self.to_header:
            return [self]
        return [self, *sorted(self.copies.all(), key=lambda mail: mail.pk)]

    @property
    def visible_recipients(self) -> tuple[list[str], list[str]]:
        """The addresses under To and under Cc, as every recipient reads them."""
        return _listed(self.to_header) or [self.to], _listed(self.cc_header)

    @property
    def needs_care(self) -> bool:
        """Somebody did not get it, of the first row's recipients, and nobody has dealt with it."""
        return any(mail.has_failed and not mail.settled_at for mail in self.deliveries)

    @property
    def is_held(self) -> bool:
        """It waits before its first attempt, and may be taken back."""
        return self.state == "queued" and self.next_attempt_at > timezone.now()

    @property
    def has_failed(self) -> bool:
        return self.state in ("given_up", "bounced")

    @property
    def state(self) -> str:
        if self.bounced_at:
            return "bounced" if self.is_bounce_permanent else "delayed"
        if self.sent_at:
            return "sent"
        if self.given_up_at:
            return "given_up"
        return "retrying" if self.attempts else "queued"

    @property
    def state_label(self) -> tuple[str | Promise, str]:
        """The state in a word, and the tone of its badge."""
        return STATES[self.state]


def _listed(header: str) -> list[str]:
    return [part for part in header.split(", ") if "@" in part]  # an erased one is a word


class MailAttachment(models.Model):
    """A stored file that goes out with a mail."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment of a mail")
        verbose_name_plural = _("attachments of mails")
        constraints = [
            models.UniqueConstraint(name="mail_attachment_once", fields=["mail", "file"])
        ]

    def __str__(self) -> str:
        return str(self.file)
