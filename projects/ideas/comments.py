"""What people say about a public idea; shown once the office has read it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.ideas.models import Idea
from zentrum.accounts.roles import LEADING
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_mandates

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def waiting(self) -> "CommentQuerySet":
        return self.filter(state=Comment.State.WAITING)

    def shown(self) -> "CommentQuerySet":
        return self.filter(state=Comment.State.SHOWN)

    def moderated_by(self, user: "User") -> "CommentQuerySet":
        """The comments on the ideas of the desks that the user leads."""
        return self.filter(within_mandates(user, LEADING, prefix="idea__"))


class Comment(TimeStampedModel):
    """A comment on an idea (Kommentar): read by the office within two working days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be read")
        SHOWN = "shown", _("shown")
        REFUSED = "refused", _("not shown")

    TONES: dict[str, str] = {
        State.WAITING: "warning",
        State.SHOWN: "success",
        State.REFUSED: "neutral",
    }

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="comments")
    key = models.UUIDField(unique=True, editable=False, help_text="Names the sending of the form.")
    name = models.CharField(_("Name"), max_length=150)
    email = models.EmailField(_("E-mail address"))
    text = models.TextField(_("Comment"))
    language = models.CharField(max_length=5, default="de", editable=False)
    due_on = models.DateField(_("to be read until"))
    state = models.CharField(
        _("State"), max_length=7, choices=State.choices, default=State.WAITING, editable=False
    )
    reason = models.TextField(_("Reason"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_refused_with_reason",
                condition=~Q(state="refused") | ~Q(reason=""),
                violation_error_message=_("Please give the reason: it is mailed to the author."),
            ),
            models.CheckConstraint(
                name="comment_decided_by_somebody",
                condition=Q(state="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                name="comment_waiting", fields=["due_on", "id"], condition=Q(state="waiting")
            ),
            models.Index(name="comment_of_idea", fields=["idea", "state", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:50]}"

    def get_absolute_url(self) -> str:
        return reverse("projects:comment_decide", args=[self.pk])

    @property
    def tone(self) -> str:
        return self.TONES[self.state]

    @property
    def is_late(self) -> bool:
        return self.state == self.State.WAITING and self.due_on < timezone.localdate()
