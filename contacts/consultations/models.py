from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases.messages import Message
from contacts.cases.models import Case
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import every_word, searchable
from zentrum.mail.models import OutgoingMail

if TYPE_CHECKING:
    from zentrum.accounts.models import User

LINK_HOLDS = timedelta(days=90)  # after the date that was asked for


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def open(self) -> "ConsultationQuerySet":
        return self.filter(state=Consultation.State.ASKED)

    def overdue(self, on: date) -> "ConsultationQuerySet":
        return self.open().filter(due_on__lt=on)

    def matching(self, words: str) -> "ConsultationQuerySet":
        """Every word occurs in the name of the office or in the subject."""
        return self.filter(every_word("search_text", words))

    def visible_to(self, user: "User") -> "ConsultationQuerySet":
        """Those of the cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))


@keep_history(exclude=("draft", "search_text"))
class Consultation(TimeStampedModel):
    """Another office or a specialist is brought into a case: asked for advice (Rückfrage), or
    asked to take the matter over (Weiterleitung).

    What was asked and answered stands in the timeline of the case; the sender reads neither.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        REFERRAL = "referral", _("Referral")

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ANSWERED = "answered", _("answered")
        TAKEN_OVER = "taken_over", _("taken over")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=State.choices, default=State.ASKED, editable=False
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consultations")
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("actor"),
    )
    name = models.CharField(_("Office or specialist"), max_length=200)
    email = models.EmailField(_("E-mail address"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(_("Subject"), max_length=200)
    due_on = models.DateField(_("answer by"))
    shares_sender = models.BooleanField(
        default=False, help_text="Name and contact of the sender are passed on."
    )
    holds_case = models.BooleanField(default=False, help_text="The case waits for the answer.")
    message = models.OneToOneField(
        Message,
        on_delete=models.CASCADE,
        related_name="consultation",
        help_text="What was asked, with the files that were chosen.",
    )
    answer = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_responsible = models.BooleanField(
        default=True, help_text="False: they answered that somebody else should be asked."
    )
    settled_at = models.DateTimeField(_("answered or withdrawn at"), null=True, blank=True)
    draft = models.TextField(blank=True, help_text="What the other side has begun to write.")
    mails = models.ManyToManyField(OutgoingMail, related_name="consultations", blank=True)
    search_text = models.GeneratedField(
        expression=searchable("name", "subject"), output_field=models.TextField(), db_persist=True
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="consultation_settled_with_moment",
                condition=Q(state="asked", settled_at__isnull=True)
                | (~Q(state="asked") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="consultation_state_of_kind",
                condition=Q(state__in=["asked", "withdrawn"])
                | Q(kind="question", state="answered")
                | Q(kind="referral", state__in=["taken_over", "refused"]),
            ),
        ]
        indexes = [
            models.Index(
                name="consultation_open", fields=["due_on", "case"], condition=Q(state="asked")
            ),
            trigram_index("search_text", "consultation_search"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("contacts:consultation_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def is_referral(self) -> bool:
        return self.kind == self.Kind.REFERRAL

    def link_holds(self, on: date) -> bool:
        """Whether the mailed link still takes an answer; it ends 90 days after the date."""
        return self.is_open and on <= self.due_on + LINK_HOLDS
