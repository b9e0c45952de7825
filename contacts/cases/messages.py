"""What belongs to a case: what was said and happened, its files, what is begun, what is found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from contacts.cases.search_triggers import MESSAGE_TRIGGERS
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import searchable
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail


class MessageQuerySet(models.QuerySet["Message"]):
    def for_sender(self) -> "MessageQuerySet":
        """What the sender may read on the status page: what was said, and why a promised date
        changed; no notes, no other events of the office.

        An answer that is held back, and may still be taken back, is not said yet. What a stranger
        wrote to the office stays there: it may be a neighbour's word about the sender.
        """
        held = Q(mail__sent_at=None, mail__attempts=0, mail__next_attempt_at__gt=timezone.now())
        said = Q(kind__in=(Message.Kind.INCOMING, Message.Kind.OUTGOING))
        told = self.filter(said | Q(event=Message.Event.PROMISED), stranger="")
        return told.exclude(held, kind=Message.Kind.OUTGOING, mail__isnull=False)


@keep_history(exclude=("search_text",))
class Message(TimeStampedModel):
    """An entry of a case's timeline: said by the sender, said by the office, noted, or happened."""

    class Kind(models.TextChoices):
        INCOMING = "incoming", _("Message from the sender")
        OUTGOING = "outgoing", _("Answer of the office")
        NOTE = "note", _("Internal note")
        QUESTION = "question", _("To another office")
        ADVICE = "advice", _("From another office")
        EVENT = "event", _("Event")

    class Event(models.TextChoices):
        RECEIVED = "received", _("received")
        HANDED_OVER = "handed_over", _("handed over")
        WAITING = "waiting", _("set to wait")
        RESUMED = "resumed", _("taken up again")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")
        ADOPTED = "adopted", _("adopted as an idea")
        JOINED = "joined", _("joined what is there already")
        CONFIRMED = "confirmed", _("e-mail address confirmed")
        PROMISED = "promised", _("new date promised")
        EDITED = "edited", _("details changed")
        CALLED_BACK = "called_back", _("no longer asked")
        SENDER_TOLD = "sender_told", _("sender told who takes care")
        AUTOMATIC = "automatic", _("automatic mail")
        UNDELIVERED = "undelivered", _("mail not delivered")
        FILES_REFUSED = "files_refused", _("files not taken")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("made a case of its own")
        MOVED = "moved", _("message moved")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    event = models.CharField(max_length=15, choices=Event.choices, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the sender, or the portal itself.",
    )
    partner = models.CharField(
        max_length=200, blank=True, help_text="The other office that was asked or has answered."
    )
    text = models.TextField(_("Text"), blank=True)
    by_mail = models.BooleanField(
        default=False, help_text="It came by mail: the full mail is kept and can be shown."
    )
    stranger = models.EmailField(
        blank=True, help_text="Who wrote by mail, when the case did not know this address before."
    )
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )
    search_text = models.GeneratedField(
        expression=searchable("text"), output_field=models.TextField(), db_persist=True
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="message_event_named",
                condition=(Q(kind="event") & ~Q(event="")) | (~Q(kind="event") & Q(event="")),
            ),
            models.CheckConstraint(
                name="message_answer_has_author",
                condition=~Q(kind__in=["outgoing", "note", "question"]) | Q(author__isnull=False),
            ),
        ]
        indexes = [models.Index(name="message_of_case", fields=["case", "id"])]
        triggers = MESSAGE_TRIGGERS

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:50]}"


class SearchDocument(models.Model):
    """All words of a case and its messages in one searchable text, written by triggers only.

    One indexed text per case finds words that stand in different messages, rare and frequent ones
    alike: with 100,000 cases and 500,000 messages 1 to 20 ms instead of 200 to 500 ms.
    """

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="document"
    )
    text = models.TextField()

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        indexes = [trigram_index("text", "search_document_words")]

    def __str__(self) -> str:
        return str(self.case_id)


class Attachment(models.Model):
    """A file that came or went with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [models.UniqueConstraint(name="attachment_once", fields=["message", "file"])]

    def __str__(self) -> str:
        return str(self.file)


class ReplyDraft(TimeStampedModel):
    """What a person has begun to write on a case, kept until sent or discarded."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    to = models.TextField(blank=True, help_text="As it was typed. Empty: the sender.")
    cc = models.TextField(blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True)

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")
        constraints = [models.UniqueConstraint(name="reply_draft_once", fields=["user", "case"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.case}"
