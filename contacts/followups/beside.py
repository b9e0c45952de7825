"""What a day at the desk holds beside cases and milestones: follow-ups, ideas that are back, ..."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet

from contacts.cases.today import MOST
from contacts.followups.follow_ups import FollowUp
from projects.ideas.comments import Comment
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.accounts.models import User
from zentrum.office.people import stands_in_for


def matters(user: User, today: date) -> dict[str, list[Any]]:
    """The first rows of each kind of which there are any, by its name.

    One query says which those are, so that a day pays only for what it holds.
    """
    kinds = {name: kind(user, today) for name, kind in KINDS.items()}
    asked = {name: Exists(rows) for name, (rows, _shown) in kinds.items()}
    known = User.objects.filter(pk=user.pk).values_list(*asked.values()).get()
    held = [name for name, is_there in zip(kinds, known, strict=True) if is_there]
    found = {name: list(kinds[name][1][:MOST]) for name in held}
    return {name: rows for name, rows in found.items() if rows}


def _follow_ups(user: User, today: date) -> tuple[QuerySet, QuerySet]:
    mine = FollowUp.objects.filter(assignee__in=_whose(user))
    due = mine.due(today)
    return due, due.visible_to(user).with_matters().order_by("due_on", "pk")


def _returning(user: User, today: date) -> tuple[QuerySet, QuerySet]:
    """Ideas that these people parked until today or an earlier day."""
    back = Idea.objects.back(today).filter(parked_by__in=_whose(user))
    shown = back.visible_to(user).only("reference", "title", "returns_on", "reason")
    return back, shown.order_by("returns_on", "pk")


def _comments(user: User, today: date) -> tuple[QuerySet, QuerySet]:
    """Comments that nobody has read yet, at the desks that the person leads."""
    waiting = Comment.objects.waiting().moderated_by(user)
    return waiting, waiting.select_related("idea").order_by("due_on", "pk")


def _leaderless(user: User, today: date) -> tuple[QuerySet, QuerySet]:
    """Projects of the desks that the person leads whose own lead has left."""
    projects = Project.objects.led_by(user).without_lead()
    shown = projects.select_related("lead").only(
        "reference", "title", "phase", "lead__name", "lead__email"
    )
    return projects, shown.order_by("pk")


def _whose(user: User) -> list[int]:
    """This person and the absent colleagues they stand in for."""
    return [user.pk, *stands_in_for(user)]


# What is asked for cheaply, and the rows as they are shown.
KINDS: dict[str, Callable[[User, date], tuple[QuerySet, QuerySet]]] = {
    "follow_ups": _follow_ups,
    "ideas": _returning,
    "leaderless": _leaderless,
    "comments": _comments,
}
