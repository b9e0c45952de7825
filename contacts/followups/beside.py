"""What a day at the desk holds beside cases and milestones: late answers, follow-ups, ideas, ..."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet

from contacts.cases.today import MOST, undelivered
from contacts.consultations.models import Consultation
from contacts.followups.follow_ups import FollowUp
from projects.ideas.comments import Comment
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.accounts.models import User
from zentrum.mail.models import OutgoingMail
from zentrum.office.people import stands_in_for


def matters(user: User, today: date) -> dict[str, list[Any]]:
    """The first rows of each kind of which there are any, by its name.

    One query says which those are, so that a day pays only for what it holds.
    """
    asked = {name: rows(user, today) for name, (rows, _shown) in KINDS.items()}
    known = User.objects.filter(pk=user.pk).values_list(*map(Exists, asked.values())).get()
    held = [name for name, is_there in zip(asked, known, strict=True) if is_there]
    found = {name: list(KINDS[name][1](asked[name], user)[:MOST]) for name in held}
    return {name: rows for name, rows in found.items() if rows}


def _failed(user: User, today: date) -> QuerySet:
    """Mails of any desk that did not arrive and wait for care: there are few."""
    return OutgoingMail.objects.needing_care()


def _late(user: User, today: date) -> QuerySet:
    """Other offices that should have answered these people."""
    return Consultation.objects.overdue(today).filter(case__owner__in=_whose(user))


def _due(user: User, today: date) -> QuerySet:
    return FollowUp.objects.filter(assignee__in=_whose(user)).due(today)


def _back(user: User, today: date) -> QuerySet:
    """Ideas that these people parked until today or an earlier day."""
    return Idea.objects.back(today).filter(parked_by__in=_whose(user))


def _leaderless(user: User, today: date) -> QuerySet:
    """Projects of the desks that the person leads whose own lead has left."""
    return Project.objects.led_by(user).without_lead()


def _unread(user: User, today: date) -> QuerySet:
    """Comments that nobody has read yet, at the desks that the person leads."""
    return Comment.objects.waiting().moderated_by(user)


def _whose(user: User) -> list[int]:
    """This person and the absent colleagues they stand in for."""
    return [user.pk, *stands_in_for(user)]


def _undelivered(rows: Any, user: User) -> QuerySet:
    return undelivered(user, _whose(user))


def _consultations(rows: Any, user: User) -> QuerySet:
    shown = rows.visible_to(user).select_related("case")
    return shown.only("name", "due_on", "case__reference", "case__subject").order_by("due_on", "pk")


def _follow_ups(rows: Any, user: User) -> QuerySet:
    return rows.visible_to(user).with_matters().order_by("due_on", "pk")


def _ideas(rows: Any, user: User) -> QuerySet:
    shown = rows.visible_to(user).only("reference", "title", "returns_on", "reason")
    return shown.order_by("returns_on", "pk")


def _projects(rows: Any, user: User) -> QuerySet:
    shown = rows.only("reference", "title", "phase", "lead__name", "lead__email")
    return shown.select_related("lead").order_by("pk")


def _comments(rows: Any, user: User) -> QuerySet:
    return rows.select_related("idea").order_by("due_on", "pk")


Asked = Callable[[User, date], QuerySet]
Shown = Callable[[Any, User], QuerySet]
# What is asked for cheaply, and its rows as they are shown.
KINDS: dict[str, tuple[Asked, Shown]] = {
    "undelivered": (_failed, _undelivered),
    "consultations": (_late, _consultations),
    "follow_ups": (_due, _follow_ups),
    "ideas": (_back, _ideas),
    "leaderless": (_leaderless, _projects),
    "comments": (_unread, _comments),
}
