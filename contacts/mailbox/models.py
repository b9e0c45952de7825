"""Where mail comes in: the mailboxes of the desk, and every mail that was fetched from them."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.cases.messages import Message
from contacts.cases.models import Case
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.files.models import StoredFile
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Carrier, Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User

VARIABLE = r"^MAILBOX_[A-Z0-9_]{1,60}\Z"


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def fetched(self) -> "MailboxQuerySet":
        """Those that the portal fetches itself; one without a server is filled by a pipe."""
        return self.filter(is_active=True).exclude(host="")

    def visible_to(self, user: "User") -> "MailboxQuerySet":
        """The mailboxes of the carriers and centres that the user leads (manager, deputy)."""
        return self.filter(within_mandates(user, LEADING))

    def of_desk(self, user: "User") -> "MailboxQuerySet":
        """Those that the user's desk relies on: all of the office learn when one stands still."""
        return self.filter(within_mandates(user, OFFICE))


@keep_history(
    exclude=(
        "fetching_since",
        "uid_validity",
        "last_uid",
        "last_success_at",
        "last_error",
        "last_error_at",
        "failing_since",
    )
)
class Mailbox(TimeStampedModel):
    """A mailbox of the desk whose mails become cases (Postfach).

    The password, or the OAuth token, is never kept here: `secret_name` names the variable of the
    server's environment (or NAME_FILE, a file) that holds it.
    """

    class Security(models.TextChoices):
        TLS = "tls", _("TLS (usual)")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("not encrypted (within the house only)")

    class Login(models.TextChoices):
        PASSWORD = "password", _("Password")
        XOAUTH2 = "xoauth2", _("Token (XOAUTH2, Microsoft 365)")

    name = models.CharField(_("Name"), max_length=80, unique=True)
    address = models.EmailField(_("E-mail address"), unique=True)
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("carrier")
    )
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("centre")
    )
    host = models.CharField(
        _("Mail server (IMAP)"),
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^[\w.:-]+\Z", _("Write the name of the server only."))],
        help_text=_("Empty: nothing is fetched, the mails come through a pipe (receive_mail)."),
    )
    port = models.PositiveIntegerField(
        _("Port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(
        _("Encryption"), max_length=10, choices=Security.choices, default=Security.TLS
    )
    user = models.CharField(_("User name"), max_length=200, blank=True)
    login = models.CharField(
        _("Sign in by"), max_length=10, choices=Login.choices, default=Login.PASSWORD
    )
    secret_name = models.CharField(
        _("Name of the secret"),
        max_length=80,
        blank=True,
        validators=[RegexValidator(VARIABLE, _("Write it like MAILBOX_DESK_PASSWORD."))],
        help_text=_(
            "The variable on the server that holds the password or the token, such as"
            " MAILBOX_DESK_PASSWORD. Ask whoever runs the server to set it."
        ),
    )
    folder = models.CharField(_("Folder"), max_length=100, default="INBOX")
    starts_on = models.DateField(
        _("Mails from this day on"),
        default=timezone.localdate,
        help_text=_("Older mails stay in the mailbox and become no cases."),
    )
    is_active = models.BooleanField(_("is fetched"), default=True)
    fetching_since = models.DateTimeField(null=True, blank=True, editable=False)
    uid_validity = models.BigIntegerField(null=True, blank=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    last_success_at = models.DateTimeField(_("last fetched at"), null=True, editable=False)
    last_error = models.TextField(_("Last error"), blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="mailbox_knows_how_to_sign_in",
                condition=Q(host="") | (~Q(user="") & ~Q(secret_name="")),
                violation_error_message=_("A mail server needs a user name and a secret."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        return bool(self.is_active and self.host and self.failing_since)


class Reason(models.TextChoices):
    """Why a mail is held back, or was not taken as a matter of its own."""

    NO_SENDER = "no_sender", _("It names no sender.")
    SEVERAL_SENDERS = "several_senders", _("It names several senders.")
    OWN_ADDRESS = "own_address", _("It claims to come from the desk's own address.")
    FLOOD = "flood", _("Very many mails from this address within an hour.")
    NOBODY = "nobody", _("Nobody at the desk held a mandate.")
    UNREADABLE = "unreadable", _("The portal could not read it.")
    BROKEN_OFF = "broken_off", _("Its reading was broken off several times.")
    TOO_LARGE = "too_large", _("It is too large to be fetched. It stays in the mailbox.")
    OUT_OF_OFFICE = "out_of_office", _("Absence notice.")
    BULK = "bulk", _("Sent to many, such as a newsletter.")
    MACHINE = "machine", _("Written by a machine.")
    STAFF_ABSENCE = "staff_absence", _("Automatic mail of a colleague.")
    RECEIPT = "receipt", _("Confirmation of delivery or reading.")
    DELAYED = "delayed", _("Delivery is delayed, not failed.")
    FAILED = "failed", _("A mail of ours was not delivered.")
    UNKNOWN_MAIL = "unknown_mail", _("A mail that the portal does not know was not delivered.")
    KNOWN = "known", _("It was fetched before.")
    SENT_BY_US = "sent_by_us", _("The portal sent it itself.")


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def unprocessed(self) -> "IncomingMailQuerySet":
        return self.filter(action="")

    def quarantined(self) -> "IncomingMailQuerySet":
        return self.filter(action=IncomingMail.Action.QUARANTINED, discarded_at__isnull=True)

    def visible_to(self, user: "User") -> "IncomingMailQuerySet":
        return self.filter(within_mandates(user, LEADING, prefix="mailbox__"))


class IncomingMail(TimeStampedModel):
    """One mail as it came in, with what became of it (Eingangspost).

    The raw mail is kept first; `action` is empty until it is understood, or held back with a
    reason for a person to look at.
    """

    class Action(models.TextChoices):
        NEW_CASE = "new_case", _("new case")
        APPENDED = "appended", _("added to a case")
        AUTOMATIC = "automatic", _("automatic mail")
        BOUNCE = "bounce", _("not delivered")
        OWN = "own", _("our own mail")
        DUPLICATE = "duplicate", _("fetched before")
        QUARANTINED = "quarantined", _("held back")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    raw = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fingerprint = models.CharField(
        max_length=64,
        help_text="SHA-256 of what no mail server changes on the way: the same mail has the same.",
    )
    action = models.CharField(
        _("What became of it"), max_length=12, choices=Action.choices, blank=True
    )
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason.choices, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    sender = models.EmailField(_("Sender"), blank=True)
    sender_name = models.CharField(_("Name"), max_length=150, blank=True)
    subject = models.CharField(_("Subject"), max_length=250, blank=True)
    text = models.TextField(_("Text"), blank=True, help_text="All of it, with quotes.")
    html = models.TextField(blank=True, help_text="Cleaned: no script, no style, no picture.")
    people = models.JSONField(
        default=list, blank=True, help_text="Every address that it names, in small letters."
    )
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="incoming_mails"
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="incoming_mails"
    )
    suggested = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="Somebody is at it since then, or was killed."
    )
    processed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="incoming_mail_once", fields=["mailbox", "fingerprint"]),
            models.CheckConstraint(
                name="incoming_mail_held_back_with_reason",
                condition=~Q(action="quarantined") | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(name="incoming_mail_undone", fields=["id"], condition=Q(action="")),
            models.Index(
                name="incoming_mail_held_back",
                fields=["mailbox", "-id"],
                condition=Q(action="quarantined", discarded_at__isnull=True),
            ),
            models.Index(name="incoming_mail_log", fields=["mailbox", "-id"]),
            models.Index(name="incoming_mail_of_sender", fields=["sender", "created_at"]),
            models.Index(name="incoming_mail_same", fields=["fingerprint"]),
        ]

    def __str__(self) -> str:
        return f"{self.sender or '–'}: {self.subject}"

    @property
    def is_held_back(self) -> bool:
        return self.action == self.Action.QUARANTINED and not self.discarded_at


class MailIdentifier(models.Model):
    """A Message-ID that a mail bears or refers to: mails of one thread share some."""

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="identifiers")
    value = models.CharField(max_length=250)

    class Meta:
        verbose_name = _("identifier of a mail")
        verbose_name_plural = _("identifiers of mails")
        constraints = [
            models.UniqueConstraint(name="mail_identifier_once", fields=["value", "mail"])
        ]

    def __str__(self) -> str:
        return self.value
