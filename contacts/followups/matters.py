"""What a reminder is about: which row, how it is called, whose it is, who may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Model
from django.urls import reverse

from contacts.cases.models import Case
from contacts.consultations.models import Consultation
from contacts.followups.follow_ups import ABOUT, FollowUp
from contacts.followups.models import Reminder, seen_ideas, seen_projects
from projects.ideas.models import Idea
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from zentrum.accounts.models import User
from zentrum.office.models import Carrier, Centre


@dataclass(frozen=True)
class Matter:
    """The case, the project of the milestone, ...: what the mail links and who may open it.

    Who sees the row `pk` of `model` may get the mail.
    """

    subject: str
    path: str
    owner: User
    centre: Centre
    carrier: Carrier
    model: type[Model]
    pk: int


@dataclass(frozen=True)
class Sort:
    """How the rows behind one field of Reminder are loaded and understood.

    `related` are the joins that `describe` needs, `heavy` the columns nobody reads; both seen
    from the row. `visible` narrows rows to those whose reminders a person may see.
    """

    describe: Callable[[Any], Matter]
    related: tuple[str, ...]
    heavy: tuple[str, ...] = ()
    visible: Callable[[Any, User], Any] = lambda rows, user: rows.visible_to(user)


def _of_case(case: Case) -> Matter:
    return Matter(
        subject=str(case),
        path=reverse("contacts:case_detail", args=[case.pk]),
        owner=case.owner,
        centre=case.centre,
        carrier=case.carrier,
        model=Case,
        pk=case.pk,
    )


def _of_milestone(milestone: Milestone) -> Matter:
    project = milestone.project
    return Matter(
        subject=f"{milestone.title} ({project})",
        path=reverse("projects:project_detail", args=[project.pk]),
        owner=milestone.owner,
        centre=project.centre,
        carrier=project.carrier,
        model=Project,
        pk=project.pk,
    )


def _of_consultation(consultation: Consultation) -> Matter:
    case = consultation.case
    return Matter(
        subject=f"{consultation.name} ({case})",
        path=consultation.get_absolute_url(),
        owner=case.owner,
        centre=case.centre,
        carrier=case.carrier,
        model=Case,
        pk=case.pk,
    )


def _of_follow_up(follow_up: FollowUp) -> Matter:
    return Matter(
        subject=str(follow_up),
        path=follow_up.about.get_absolute_url(),
        owner=follow_up.assignee,
        centre=follow_up.centre,
        carrier=follow_up.carrier,
        model=FollowUp,
        pk=follow_up.pk,
    )


def _of_idea(idea: Idea) -> Matter:
    return Matter(
        subject=str(idea),
        path=idea.get_absolute_url(),
        owner=cast("User", idea.parked_by),  # of an idea that comes back, or came
        centre=idea.centre,
        carrier=idea.carrier,
        model=Idea,
        pk=idea.pk,
    )


def _of_seen_projects(milestones: Any, user: User) -> Any:
    return milestones.filter(project__in=seen_projects(user))


def _seen_ideas(ideas: Any, user: User) -> Any:
    return ideas.filter(pk__in=seen_ideas(user))


SORTS = {
    "case": Sort(
        _of_case,
        ("centre__town", "centre__carrier", "carrier", "owner"),
        ("search_text", "centre__area"),
    ),
    "milestone": Sort(
        _of_milestone,
        (
            "person",
            "project__centre__town",
            "project__centre__carrier",
            "project__carrier",
            "project__lead",
        ),
        ("project__search_text", "project__centre__area"),
        visible=_of_seen_projects,
    ),
    "consultation": Sort(
        _of_consultation,
        (
            "case__centre__town",
            "case__centre__carrier",
            "case__carrier",
            "case__owner",
            "message",
            "asked_by",
        ),
        ("case__search_text", "case__centre__area", "draft", "search_text"),
    ),
    "idea": Sort(
        _of_idea,
        ("centre__town", "centre__carrier", "carrier", "parked_by"),
        ("text", "search_text", "likeness", "public_likeness", "centre__area"),
        visible=_seen_ideas,
    ),
    "follow_up": Sort(
        _of_follow_up,
        ("centre__town", "centre__carrier", "carrier", "assignee", "created_by", *ABOUT),
        ("centre__area", "case__search_text", "idea__search_text", "project__search_text"),
    ),
}
RELATED = [f"{name}__{path}" for name, sort in SORTS.items() for path in sort.related]
HEAVY = [f"{name}__{path}" for name, sort in SORTS.items() for path in sort.heavy]


def row_of(reminder: Reminder) -> Model:
    """The row that the reminder is about; a constraint holds that there is exactly one."""
    return getattr(reminder, _field_of(reminder))


def matter_of(reminder: Reminder) -> Matter:
    return SORTS[_field_of(reminder)].describe(row_of(reminder))


def _field_of(reminder: Reminder) -> str:
    return next(name for name in SORTS if getattr(reminder, f"{name}_id"))
