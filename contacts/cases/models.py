from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases.search_triggers import CASE_TRIGGERS
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.accounts.roles import LEADING, Role
from zentrum.common.models import TimeStampedModel, keep_history
from zentrum.common.text import every_word, searchable
from zentrum.office.mandates import within_mandates
from zentrum.office.models import Carrier, Centre
from zentrum.office.people import owned_by_absent_colleagues
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User

NEWEST, OFTEN = 500, 3  # a word is frequent that stands in so many of the newest cases
MOST = 1_000_000  # more cases than there will ever be
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: read out on the phone


def short_code() -> str:
    """Eight letters and digits that open the status page together with the reference."""
    return get_random_string(8, CODE_LETTERS)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(state=Case.State.CLOSED)

    def overdue(self, on: date) -> "CaseQuerySet":
        """Open, and the promised date has passed; a waiting case is at rest."""
        return self.filter(state=Case.State.OPEN, reply_by__lt=on)

    def escalated(self) -> "CaseQuerySet":
        """Open, overdue for so long that the deputy or the manager is told."""
        return self.filter(state=Case.State.OPEN, escalation__gt=Case.Escalation.NONE)

    def matching(self, words: str) -> "CaseQuerySet":
        """Every word occurs in the case or in one of its messages (German spelling folded).

        One small query looks whether the words are frequent. Rows of rare ones are found by the
        index of the words first; frequent ones turn up soon when the newest cases are looked
        through. Left to itself, PostgreSQL guesses that from a sample of a hundred texts: a rare
        word that happened to be among them took 200 ms instead of 2 (100,000 cases).
        """
        said = every_word("document__text", words)
        every = self.model._default_manager.order_by()
        newest = every.order_by("-pk").values("pk")[:NEWEST]
        if every.filter(said, pk__in=newest)[:OFTEN].count() == OFTEN:
            return self.filter(said)
        found = every.filter(said).values("pk")[:MOST]  # the limit keeps the two steps apart
        return self.filter(pk__in=found)

    def visible_to(self, user: "User") -> "CaseQuerySet":
        """Manager and deputy see their carrier's cases; desk staff those they own or took in.

        Who stands in for an absent colleague also sees that colleague's own cases, until the last
        day of the absence.
        """
        own = Q(owner=user.pk) | Q(created_by=user.pk)
        desk = within_mandates(user, (Role.DESK,)) & own
        return self.filter(within_mandates(user, LEADING) | desk | owned_by_absent_colleagues(user))


@keep_history(exclude=("search_text", "code"))
class Case(TimeStampedModel):
    """A matter that came to the desk: exactly one owner, one promised date (Vorgang)."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("Enquiry")
        IDEA = "idea", _("Idea")
        COMPLAINT = "complaint", _("Complaint")
        BARRIER = "barrier", _("Barrier report")

    class Channel(models.TextChoices):
        ONLINE = "online", _("Online form")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")
        COUNTER = "counter", _("Counter")
        WALK = "walk", _("Walk through the streets")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WAITING = "waiting", _("waiting")
        CLOSED = "closed", _("closed")

    class WaitingOn(models.TextChoices):
        SENDER = "sender", _("the sender")
        THIRD_PARTY = "third_party", _("somebody else")
        DATE = "date", _("a date")

    class Escalation(models.IntegerChoices):
        NONE = 0, _("not escalated")
        DEPUTY = 1, _("overdue, deputy told")
        MANAGER = 2, _("overdue, manager told")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answered")
        ADOPTED = "adopted", _("adopted as an idea")
        REFERRED = "referred", _("referred to somebody else")
        NOT_POSSIBLE = "not_possible", _("not possible")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DUPLICATE = "duplicate", _("duplicate")

    reference = models.CharField(_("Reference"), max_length=20, unique=True, editable=False)
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("Code"), max_length=8, default=short_code, editable=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    channel = models.CharField(_("Channel"), max_length=10, choices=Channel.choices)
    subject = models.CharField(_("What is it about?"), max_length=200)
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="cases", verbose_name=_("centre")
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="cases", verbose_name=_("carrier")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("owner"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken in by"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("actor"),
    )
    sender_name = models.CharField(_("Name"), max_length=150, blank=True)
    sender_email = models.EmailField(_("E-mail address"), blank=True)
    sender_phone = models.CharField(_("Phone"), max_length=40, blank=True)
    sender_language = models.CharField(max_length=5, default="de", editable=False)
    email_confirmed_at = models.DateTimeField(
        _("e-mail address confirmed at"), null=True, blank=True
    )
    place = models.CharField(_("Place"), max_length=200, blank=True)
    latitude = latitude_field()
    longitude = longitude_field()
    state = models.CharField(
        _("State"), max_length=10, choices=State.choices, default=State.OPEN, editable=False
    )
    reply_by = models.DateField(_("reply by"))
    promised_on = models.DateField(
        _("first promised date"), help_text="Never moved: the yearly promise figure rests on it."
    )
    promise_ends_on = models.DateField(
        _("promise counted to"),
        help_text="The first promised date, and the working days of each pause before the answer.",
    )
    promise_kept = models.BooleanField(
        _("answered within the promise"),
        null=True,
        blank=True,
        help_text="Empty: not answered yet.",
    )
    escalation = models.PositiveSmallIntegerField(
        _("escalation"), choices=Escalation.choices, default=Escalation.NONE, editable=False
    )
    waiting_on = models.CharField(
        _("waiting for whom"), max_length=15, choices=WaitingOn.choices, blank=True
    )
    waiting_since = models.DateField(_("waiting since"), null=True, blank=True)
    waiting_until = models.DateField(_("waiting until"), null=True, blank=True)
    waiting_for = models.CharField(_("waiting for"), max_length=200, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=15, choices=Outcome.choices, blank=True)
    outcome_text = models.TextField(_("What came of it?"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    first_answered_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    first_answer_days = models.PositiveSmallIntegerField(
        _("working days to the first answer"), null=True, blank=True
    )
    last_incoming_at = models.DateTimeField(null=True, blank=True)
    last_outgoing_at = models.DateTimeField(null=True, blank=True)
    idea = models.ForeignKey(
        Idea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("idea"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("project"),
        help_text="The running project that the sender joined.",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged_cases"
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.GeneratedField(
        expression=searchable(
            "reference", "subject", "sender_name", "sender_email", "sender_phone", "place"
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-pk"]
        constraints = [
            position_constraint("case_position_whole"),
            models.CheckConstraint(
                name="case_closed_with_outcome",
                condition=(Q(state="closed") & ~Q(outcome="") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(outcome="") & Q(closed_at__isnull=True)),
                violation_error_message=_("A closed case needs an outcome."),
            ),
            models.CheckConstraint(
                name="case_waiting_until_a_day",
                condition=(Q(state="waiting") & Q(waiting_until__isnull=False))
                | (
                    ~Q(state="waiting")
                    & Q(waiting_until__isnull=True, waiting_since__isnull=True, waiting_on="")
                ),
                violation_error_message=_("Say until when the case waits."),
            ),
            models.CheckConstraint(
                name="case_escalated_while_open", condition=Q(escalation=0) | Q(state="open")
            ),
            models.CheckConstraint(
                name="case_answer_days_with_answer",
                condition=Q(
                    first_answered_at__isnull=True,
                    first_answer_days__isnull=True,
                    promise_kept__isnull=True,
                )
                | Q(
                    first_answered_at__isnull=False,
                    first_answer_days__isnull=False,
                    promise_kept__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(name="case_of_desk", fields=["carrier", "centre", "-id"]),
            models.Index(
                name="case_work_list",
                fields=["owner", "reply_by"],
                condition=~Q(state="closed"),
            ),
            models.Index(
                name="case_open_by_date", fields=["reply_by", "id"], condition=~Q(state="closed")
            ),
            models.Index(
                # The city's dashboard counts a year of cases from this index alone.
                name="case_received",
                fields=["centre", "received_at"],
                include=[
                    "id",
                    "carrier",
                    "kind",
                    "state",
                    "promise_ends_on",
                    "promise_kept",
                    "first_answered_at",
                    "first_answer_days",
                    "closed_at",
                    "idea",
                ],
            ),
            models.Index(
                name="case_escalated", fields=["centre", "reply_by"], condition=Q(escalation__gt=0)
            ),
            models.Index(name="case_of_owner", fields=["owner", "-id"]),
            models.Index(name="case_taken_in", fields=["created_by", "-id"]),
            models.Index(name="case_of_sender", fields=["sender_email"]),
            models.Index(name="case_of_kind", fields=["kind", "-id"]),
            models.Index(name="case_of_channel", fields=["channel", "-id"]),
        ]
        triggers = CASE_TRIGGERS

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("contacts:case_detail", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED
