from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.ideas.spelling import comparable
from projects.programme.models import FieldOfAction
from projects.programme.programmes import Goal
from zentrum.accounts.roles import LEADING, OFFICE, Role
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import every_word, searchable
from zentrum.office.mandates import within_centres, within_mandates
from zentrum.office.models import Carrier, Centre
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class IdeaQuerySet(models.QuerySet["Idea"]):
    def public(self) -> "IdeaQuerySet":
        """Released ideas: the one queryset behind every public page, feed and export."""
        return self.filter(released_at__isnull=False)

    def open(self) -> "IdeaQuerySet":
        return self.filter(state__in=Idea.OPEN_STATES)

    def back(self, on: date) -> "IdeaQuerySet":
        """Parked until this day or an earlier one."""
        return self.filter(state=Idea.State.PARKED, returns_on__lte=on)

    def matching(self, words: str) -> "IdeaQuerySet":
        return self.filter(every_word("search_text", words))

    def matching_wording(self, words: str) -> "IdeaQuerySet":
        """Like `matching`, but only in what others than the office may read: no internal text."""
        wording = searchable("reference", "title", "public_text", "place")
        ideas = self.alias(wording=ExpressionWrapper(wording, models.TextField()))
        return ideas.filter(every_word("wording", words))

    def found_by(self, user: "User", words: str) -> "IdeaQuerySet":
        """The search of a signed-in person: only the desk finds words of its internal texts."""
        if user.roles <= set(OFFICE):
            return self.matching(words)
        own = self.matching(words).filter(within_mandates(user, OFFICE))
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=self.matching_wording(words)))

    def led_by(self, user: "User") -> "IdeaQuerySet":
        """The ideas that the user may change: those of the desks they lead."""
        return self.filter(within_mandates(user, LEADING))

    def akin_to(self, idea: "Idea") -> "IdeaQuerySet":
        """The idea, those it was merged with, and those that share a project with it."""
        return self.filter(
            Q(pk__in={idea.pk, idea.merged_into_id or idea.pk})
            | Q(merged_into=idea.pk)
            | Q(projects__origins=idea.pk)
            | Q(projects__origins__merged_ideas=idea.pk)
        ).distinct()

    def visible_to(self, user: "User") -> "IdeaQuerySet":
        """The desk sees its carrier's ideas, the city those of its centres; a body member what
        its bodies discuss and what is public anyway."""
        condition = within_mandates(user, OFFICE) | within_centres(user, (Role.CITY,))
        if Role.BODY_MEMBER in user.roles:
            discussed = Q(state=Idea.State.IN_CONSULTATION) | Q(released_at__isnull=False)
            condition |= within_centres(user, (Role.BODY_MEMBER,)) & discussed
        return self.filter(condition)


@keep_history(exclude=("search_text", "likeness", "public_likeness"))
class Idea(TimeStampedModel):
    """What somebody proposes for the centre, on its road to a decision (Idee)."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        IN_REVIEW = "in_review", _("under review")
        QUERY = "query", _("query")
        IN_CONSULTATION = "in_consultation", _("in consultation")
        ACCEPTED = "accepted", _("accepted")
        PARKED = "parked", _("in the pool of ideas")
        FORWARDED = "forwarded", _("forwarded")
        MERGED = "merged", _("merged")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        PROJECT_STARTED = "project_started", _("project started")
        SETTLED = "settled", _("settled without a project")

    OPEN_STATES = (State.RECEIVED, State.IN_REVIEW, State.QUERY, State.IN_CONSULTATION)
    STATES_WITH_REASON = (State.PARKED, State.FORWARDED, State.MERGED, State.DECLINED)
    STATES_TOLD = (State.QUERY, *STATES_WITH_REASON, State.ACCEPTED, State.SETTLED)
    STEPS: dict[str, tuple[str, ...]] = {
        State.RECEIVED: (State.IN_REVIEW, State.WITHDRAWN, State.MERGED, State.FORWARDED),
        State.IN_REVIEW: (
            State.QUERY,
            State.IN_CONSULTATION,
            State.ACCEPTED,
            State.PARKED,
            State.FORWARDED,
            State.MERGED,
            State.DECLINED,
            State.WITHDRAWN,
        ),
        State.QUERY: (State.IN_REVIEW, State.PARKED, State.MERGED, State.WITHDRAWN),
        State.IN_CONSULTATION: (
            State.ACCEPTED,
            State.PARKED,
            State.FORWARDED,
            State.MERGED,
            State.DECLINED,
            State.IN_REVIEW,
            State.WITHDRAWN,
        ),
        State.ACCEPTED: (State.PROJECT_STARTED, State.SETTLED, State.PARKED, State.MERGED),
        State.PARKED: (
            State.IN_REVIEW,
            State.PARKED,
            State.MERGED,
            State.DECLINED,
            State.WITHDRAWN,
        ),
        State.FORWARDED: (State.IN_REVIEW,),
        State.MERGED: (),
        State.DECLINED: (State.IN_REVIEW,),
        State.WITHDRAWN: (),
        State.PROJECT_STARTED: (),
        State.SETTLED: (),
    }

    events: Any  # kept by the triggers of `keep_history`

    TONES: dict[str, str] = {
        State.QUERY: "warning",
        State.IN_REVIEW: "info",
        State.IN_CONSULTATION: "info",
        State.ACCEPTED: "success",
        State.PROJECT_STARTED: "success",
        State.SETTLED: "success",
        State.DECLINED: "danger",
    }

    reference = models.CharField(_("Reference"), max_length=20, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=200)
    text = models.TextField(_("What is proposed"), help_text=_("As the author wrote it; internal."))
    public_text = models.TextField(
        _("Public text"),
        blank=True,
        help_text=_("What everybody may read. Without names, addresses and phone numbers."),
    )
    place = models.CharField(_("Place"), max_length=200, blank=True)
    latitude = latitude_field()
    longitude = longitude_field()
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="ideas", verbose_name=_("centre")
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="ideas", verbose_name=_("carrier")
    )
    field_of_action = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ideas",
        verbose_name=_("field of action"),
    )
    goals = models.ManyToManyField(
        Goal, blank=True, related_name="ideas", verbose_name=_("goals it serves")
    )
    state = models.CharField(
        _("State"), max_length=20, choices=State.choices, default=State.RECEIVED, editable=False
    )
    reason = models.TextField(
        _("Reason"),
        blank=True,
        help_text=_("Told to the author and shown in public beside the state."),
    )
    remark = models.TextField(
        _("Internal remark"), blank=True, help_text=_("On the last step. Only the office reads it.")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_ideas"
    )
    returns_on = models.DateField(_("comes back on"), null=True, blank=True, editable=False)
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who parked it last, and is reminded on the day.",
    )
    received_on = models.DateField(_("received on"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    author_confirmed_at = models.DateTimeField(
        _("confirmed by the author at"),
        null=True,
        blank=True,
        help_text=_("The author's e-mail address is confirmed, or the author agreed at the desk."),
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.GeneratedField(
        expression=searchable("reference", "title", "text", "public_text", "place"),
        output_field=models.TextField(),
        db_persist=True,
    )
    likeness = models.GeneratedField(
        expression=comparable("title", "text"), output_field=SearchVectorField(), db_persist=True
    )
    public_likeness = models.GeneratedField(
        expression=comparable("title", "public_text"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-pk"]
        constraints = [
            position_constraint("idea_position_whole"),
            models.CheckConstraint(
                name="idea_negative_state_has_reason",
                condition=~Q(state__in=["parked", "forwarded", "merged", "declined"])
                | ~Q(reason=""),
                violation_error_message=_("Please give the reason: it is told to the author."),
            ),
            models.CheckConstraint(
                name="idea_merged_into_another",
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                violation_error_message=_("Choose the idea that this one is merged into."),
            ),
            models.CheckConstraint(
                name="idea_not_merged_into_itself", condition=~Q(merged_into=F("pk"))
            ),
            models.CheckConstraint(
                name="idea_returns_from_the_pool",
                condition=Q(returns_on__isnull=True)
                | (Q(state="parked") & Q(parked_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="idea_released_after_confirmation",
                condition=Q(released_at__isnull=True)
                | (Q(author_confirmed_at__isnull=False) & ~Q(public_text="")),
                violation_error_message=_(
                    "Only an idea with a public text and a confirmed author can be released."
                ),
            ),
        ]
        indexes = [
            trigram_index("search_text", "idea_search"),
            GinIndex(name="idea_likeness", fields=["likeness"]),
            GinIndex(name="idea_public_likeness", fields=["public_likeness"]),
            models.Index(name="idea_of_desk", fields=["carrier", "centre", "-id"]),
            models.Index(name="idea_by_state", fields=["state", "-id"]),
            models.Index(
                name="idea_public", fields=["-released_at"], condition=Q(released_at__isnull=False)
            ),
            models.Index(
                name="idea_returns",
                fields=["returns_on"],
                condition=Q(returns_on__isnull=False),
            ),
            models.Index(name="idea_received", fields=["centre", "received_on"]),
        ]

    NAMED_BY = ("reference", "title")

    def __str__(self) -> str:
        """Made of NAMED_BY: lists that name ideas need only these columns."""
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("projects:idea_detail", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("projects:idea_public", args=[self.reference])

    @property
    def next_states(self) -> tuple[str, ...]:
        return self.STEPS[self.state]

    @property
    def may_be_supported(self) -> bool:
        """Whether voices still count: it is not yet decided, or waits for its project."""
        return self.state in (*self.OPEN_STATES, self.State.ACCEPTED, self.State.PARKED)

    @property
    def may_merge(self) -> bool:
        """Whether it may go on in another idea."""
        return self.State.MERGED in self.next_states

    @property
    def goes_on_in(self) -> "Idea | None":
        """The public idea in which a merged one goes on, however often it was merged."""
        idea = self.merged_into
        while idea and idea.merged_into:
            idea = idea.merged_into
        return idea if idea and idea.released_at else None

    def is_inside(self, user: "User", roles: tuple[str, ...] = OFFICE) -> bool:
        """Whether the user works at the idea's own desk (and may read what the author wrote)."""
        return any(mandate.covers(self, roles) for mandate in user.current_mandates)

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")

    @property
    def is_back(self) -> bool:
        return self.returns_on is not None and self.returns_on <= timezone.localdate()

    @property
    def has_reason_to_show(self) -> bool:
        """A question to the author is not for everybody; any other sentence is."""
        return bool(self.reason) and self.state != self.State.QUERY

    @property
    def is_decided(self) -> bool:
        return self.state not in (*self.OPEN_STATES, self.State.WITHDRAWN)

    def is_told(self, to: str) -> bool:
        """Whether this step is mailed to those who follow: a decision, and whatever is public."""
        return to in self.STATES_TOLD or self.released_at is not None

    def needs_sentence(self, to: str) -> bool:
        """Whether this step must be explained: what disappoints or asks, and whatever is public."""
        explained = (self.State.QUERY, *self.STATES_WITH_REASON)
        return to in explained or self.released_at is not None
