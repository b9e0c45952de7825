from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from contacts.consultations.models import Consultation
from contacts.followups.follow_ups import FollowUp
from projects.ideas.models import Idea
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel
from zentrum.mail.models import OutgoingMail
from zentrum.office.mandates import within_mandates

if TYPE_CHECKING:
    from zentrum.accounts.models import User


ABOUT = ("case", "milestone", "consultation", "follow_up", "idea")


def about_nothing_but(name: str) -> Q:
    """The reminder points at this one matter and at no other."""
    return Q(**{f"{other}__isnull": other != name for other in ABOUT})


def seen_projects(user: "User") -> "models.QuerySet[Project]":
    """Projects of the person's desks: whose milestones remind, and whom they may know of."""
    return Project.objects.visible_to(user).filter(within_mandates(user, OFFICE))


def seen_ideas(user: "User") -> "models.QuerySet[Idea]":
    """Ideas of the person's desks: only these come back to them."""
    return Idea.objects.filter(within_mandates(user, OFFICE))


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def undelivered(self) -> "ReminderQuerySet":
        return self.filter(sent_at__isnull=True, skipped_at__isnull=True)

    def in_state(self, state: str) -> "ReminderQuerySet":
        """`upcoming`, `sent`, `skipped` or `failed`: the last ones never reached a mail server."""
        match state:
            case "upcoming":
                return self.undelivered()
            case "skipped":
                return self.filter(skipped_at__isnull=False)
            case "failed":
                return self.filter(mail__given_up_at__isnull=False)
        return self.filter(sent_at__isnull=False, mail__given_up_at__isnull=True)

    def of_person(self, user: "User") -> "ReminderQuerySet":
        return self.filter(Q(owner=user.pk) | Q(recipient=user.pk))

    def visible_to(self, user: "User") -> "ReminderQuerySet":
        """One's own, and those about what one sees at one's desks."""
        return self.filter(
            Q(owner=user.pk)
            | Q(recipient=user.pk)
            | Q(case__in=Case.objects.visible_to(user))
            | Q(milestone__project__in=seen_projects(user))
            | Q(consultation__case__in=Case.objects.visible_to(user))
            | Q(idea__in=seen_ideas(user))
            | Q(follow_up__in=FollowUp.objects.visible_to(user))
        )


class Reminder(TimeStampedModel):
    """One notice that something is due, for one occurrence, to one person (Wiedervorlage).

    The key names subject, kind, day and recipient: the same reminder cannot exist twice, a moved
    date makes a new one.
    """

    class Kind(models.TextChoices):
        REPLY_COMING = "reply_coming", _("Answer due soon")
        REPLY_TODAY = "reply_today", _("Answer due today")
        REPLY_OVERDUE = "reply_overdue", _("Answer overdue")
        WAIT_OVER = "wait_over", _("Waiting time is over")
        MILESTONE_DUE = "milestone_due", _("Milestone due")
        IDEA_UNREAD = "idea_unread", _("Idea not read yet")
        IDEA_RETURNS = "idea_returns", _("Idea back from the pool")
        ADVICE_COMING = "advice_coming", _("Answer of another office expected")
        ADVICE_OVERDUE = "advice_overdue", _("Answer of another office overdue")
        FOLLOW_UP = "follow_up", _("Follow-up")
        DIGEST = "digest", _("Today at the desk")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("Kind"), max_length=15, choices=Kind.choices)
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    idea = models.ForeignKey(
        Idea, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    occurs_on = models.DateField(_("due on"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose matter it is.",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        help_text="Who got it: the owner, or the deputy of an absent owner; set on delivery. "
        "Empty: somebody outside the office.",
    )
    due_at = models.DateTimeField(_("to be sent from"), help_text="Within office hours.")
    held_reason = models.CharField(
        max_length=200, blank=True, help_text="Why it waits, although it was due."
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    skipped_at = models.DateTimeField(null=True, blank=True)
    skipped_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="reminder"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reminder_about_one_thing",
                condition=(Q(kind="digest") & about_nothing_but(""))
                | (~Q(kind="digest") & about_nothing_but("case"))
                | (~Q(kind="digest") & about_nothing_but("milestone"))
                | (~Q(kind="digest") & about_nothing_but("consultation"))
                | (Q(kind="idea_returns") & about_nothing_but("idea"))
                | (Q(kind="follow_up") & about_nothing_but("follow_up")),
            ),
            models.CheckConstraint(
                name="reminder_sent_or_skipped",
                condition=Q(sent_at__isnull=True) | Q(skipped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_skipped_with_reason",
                condition=Q(skipped_at__isnull=True) | ~Q(skipped_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                name="reminder_undelivered",
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, skipped_at__isnull=True),
            ),
            models.Index(name="reminder_of_kind", fields=["kind", "-id"]),
            models.Index(name="reminder_of_day", fields=["occurs_on", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.occurs_on:%d.%m.%Y}"

    @property
    def is_about_something(self) -> bool:
        """A digest is about the whole day."""
        return self.kind != self.Kind.DIGEST

    def hold(self, until: datetime, reason: str) -> None:
        """It goes out later: office hours and quiet hours move it, never lose it."""
        self.due_at = until
        self.held_reason = reason[:200]

    def skip(self, reason: str, now: datetime) -> None:
        """Every decision stays visible: a reminder that is not sent says why."""
        self.skipped_at = now
        self.skipped_reason = reason[:200]

    def note_delivery(self, mail: OutgoingMail, recipient: "User | None", now: datetime) -> None:
        self.mail = mail
        self.recipient = recipient
        self.sent_at = now


class Tick(models.Model):
    """One row: when the clock of the office last ran, and what it did."""

    ran_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("tick of the clock")
        verbose_name_plural = _("ticks of the clock")

    def __str__(self) -> str:
        return f"{self.ran_at:%d.%m.%Y %H:%M}"
