"""What happens to an idea: taken in, moved to its next state, edited, released, withdrawn again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.ideas import moving, supporting
from projects.ideas.followers import IdeaFollower
from projects.ideas.models import Idea
from projects.programme.models import FieldOfAction
from projects.programme.programmes import Goal
from zentrum.office.models import Carrier, Centre
from zentrum.office.references import next_reference

if TYPE_CHECKING:
    from zentrum.accounts.models import User

LONGEST_PARKED = timedelta(days=5 * 366)
TWIN_WITHIN = timedelta(minutes=10)


@transaction.atomic
def create_idea(
    *,
    title: str,
    text: str,
    centre: Centre,
    carrier: Carrier,
    received_on: date,
    author_email: str = "",
    author_name: str = "",
    author_language: str = "de",
    author_confirmed_at: datetime | None = None,
    **details: Any,
) -> Idea:
    """Take in an idea with the next reference `I-YYYY-NNNN`; its author follows it from now on.

    `details`: place, latitude, longitude (degrees, WGS84), field_of_action.
    Raises ValidationError when the idea or the author's address is not valid.
    """
    idea = Idea(
        reference=next_reference("I"),
        title=title.strip(),
        text=text.strip(),
        centre=centre,
        carrier=carrier,
        received_on=received_on,
        author_confirmed_at=author_confirmed_at,
        **details,
    )
    idea.full_clean()
    idea.save()
    if author_email:
        follower = IdeaFollower(
            idea=idea,
            email=author_email.strip().lower(),
            name=author_name,
            language=author_language,
            is_author=True,
        )
        follower.full_clean()
        follower.save()
    return idea


@transaction.atomic
def enter_idea(*, by: "User", **fields: Any) -> Idea:
    """Take in an idea that somebody of the office types in; a double click makes one idea.

    Raises ValidationError with code "twin" when the same idea was entered a moment ago; `params`
    names it. (The reference counter's row stays locked, so the second click waits for the first.)
    """
    with pghistory.context(user=by.pk):
        idea = create_idea(**fields)
    since = timezone.now() - TWIN_WITHIN
    same = Idea.objects.filter(
        carrier=idea.carrier, centre=idea.centre, title=idea.title, text=idea.text
    )
    if twin := same.filter(created_at__gte=since).exclude(pk=idea.pk).first():
        raise ValidationError(
            _("This idea was entered a moment ago: %(reference)s."),
            code="twin",
            params={"reference": twin.reference, "pk": twin.pk},
        )
    return idea


@transaction.atomic
def move_idea(
    idea: Idea,
    *,
    to: str,
    by: "User",
    reason: str = "",
    remark: str = "",
    merged_into: Idea | None = None,
    returns_on: date | None = None,
    version: int | None = None,
) -> None:
    """Move an idea to its next state; its author and followers are told of a decision, and of
    every step of a released idea.

    `reason` is what they and the public read, `remark` only the office.

    A parked idea comes back on `returns_on`, to whoever parked it.

    Raises ValidationError when the step is not in `Idea.STEPS`, a reason, the idea to merge into or
    the day of a parked one is missing, or (code "stale") when `version` is no longer the current
    one. The row lock lets two people press at once: one of them wins.
    """
    with pghistory.context(user=by.pk):
        rows = moving.lock([idea] if merged_into is None else [idea, merged_into])
        row = rows[idea.pk]
        moving.refuse_stale(row, version)
        if to == Idea.State.PROJECT_STARTED:
            raise ValidationError(_("Start a project from the idea instead."), code="step")
        target = rows.get(merged_into.pk) if merged_into else None
        if to == Idea.State.MERGED:
            _merge(row, target, reason, remark)
        else:
            _step(row, to=to, by=by, reason=reason, remark=remark, returns_on=returns_on)
    idea.refresh_from_db()


@transaction.atomic
def bundle_ideas(
    ideas: Iterable[Idea],
    *,
    by: "User",
    title: str,
    text: str,
    reason: str,
    field_of_action: FieldOfAction | None = None,
) -> Idea:
    """Make one new idea of several of one desk; they are merged into it, with the same sentence.

    Whoever follows one of them is told and follows the new one. It is under review at once, serves
    the goals of all, and has no author to ask: the office wrote it. Raises ValidationError when
    there are fewer than two, when they belong to different desks, or when one may not be merged
    (any more).
    """
    with pghistory.context(user=by.pk):
        rows = list(moving.lock(ideas).values())
        if len(rows) < 2:
            raise ValidationError(_("Choose at least two ideas."))
        if len({(row.carrier_id, row.centre_id) for row in rows}) > 1:
            raise ValidationError(_("The ideas belong to different desks."), code="desks")
        bundle = create_idea(
            title=title,
            text=text,
            centre=rows[0].centre,
            carrier=rows[0].carrier,
            received_on=timezone.localdate(),
            author_confirmed_at=timezone.now(),
            field_of_action=field_of_action,
        )
        bundle.goals.set(Goal.objects.filter(ideas__in=rows).distinct())
        moving.take_step(bundle, to=Idea.State.IN_REVIEW)
        for row in rows:
            _merge(row, bundle, reason)
    return bundle


def _step(
    row: Idea, *, to: str, by: "User", reason: str, remark: str, returns_on: date | None
) -> None:
    moving.refuse_other_steps(row, to)
    _check_sentence(row, to, reason)
    day = _day_of_return(to, returns_on)
    row.parked_by = by if day else row.parked_by
    moving.take_step(row, to=to, reason=reason, remark=remark, returns_on=day)
    if row.is_told(to):
        moving.tell_followers(row)


def _check_sentence(row: Idea, to: str, sentence: str) -> None:
    if row.needs_sentence(to) and not sentence.strip():
        question, reason = _("Please write what you want to know."), _("Please give the reason.")
        raise ValidationError({"reason": question if to == Idea.State.QUERY else reason})


def _merge(row: Idea, target: Idea | None, reason: str, remark: str = "") -> None:
    _check_target(row, target)
    moving.take_step(row, to=Idea.State.MERGED, reason=reason, remark=remark, merged_into=target)
    if target:
        moving.pass_on_followers(row, target)
        supporting.pass_on(row, target)
    moving.tell_followers(row)


def _day_of_return(to: str, day: date | None) -> date | None:
    if to != Idea.State.PARKED:
        return None
    today = timezone.localdate()
    if day is None or not today < day <= today + LONGEST_PARKED:
        raise ValidationError(
            {"returns_on": _("Choose a day after today, at most five years ahead.")}
        )
    return day


def _check_target(row: Idea, target: Idea | None) -> None:
    if target is None or target.centre_id != row.centre_id:
        refusal = _("Choose another idea of the same centre to merge this one into.")
    elif target.pk == row.pk:
        refusal = _("An idea cannot be merged into itself.")
    elif target.merged_into_id == row.pk:
        refusal = _(
            "%(reference)s goes on in this idea already: the two would go round in a circle."
        )
        refusal %= {"reference": target.reference}
    elif target.merged_into:
        refusal = _("%(reference)s goes on in %(other)s: merge this idea into that one.")
        refusal %= {"reference": target.reference, "other": target.merged_into.reference}
    elif target.state == Idea.State.WITHDRAWN:
        refusal = _("That idea is withdrawn: choose another one.")
    else:
        return
    raise ValidationError({"merged_into": refusal})


@transaction.atomic
def edit_idea(idea: Idea, *, by: "User", version: int | None = None, **changes: Any) -> None:
    """Save changed details. Raises ValidationError (code "stale") when somebody was faster."""
    with pghistory.context(user=by.pk):
        row = moving.lock([idea])[idea.pk]
        moving.refuse_stale(row, version)
        for name, value in changes.items():
            setattr(row, name, value)
        moving.save_next_version(row)
    idea.refresh_from_db()


@transaction.atomic
def release_idea(
    idea: Idea, *, by: "User", public_text: str, title: str, version: int | None = None
) -> None:
    """Publish the idea in the office's wording, without the author's name.

    Raises ValidationError while the author is not confirmed or the wording is empty.
    """
    changes = {"public_text": public_text.strip(), "title": title.strip()}
    released_at = idea.released_at or timezone.now()
    edit_idea(idea, by=by, version=version, released_at=released_at, **changes)


@transaction.atomic
def withdraw_release(idea: Idea, *, by: "User", version: int | None = None) -> None:
    """Take the idea off the public pages; its wording stays for the next release."""
    edit_idea(idea, by=by, version=version, released_at=None)


@transaction.atomic
def confirm_author(idea: Idea) -> None:
    """Note that the author's address is confirmed, or that the author agreed at the desk."""
    row = moving.lock([idea])[idea.pk]
    if row.author_confirmed_at is None:
        row.author_confirmed_at = timezone.now()
        moving.save_next_version(row)
    idea.refresh_from_db()


@transaction.atomic
def confirm_address(idea: Idea, *, email: str, name: str, language: str) -> None:
    """Somebody who wrote about this idea has confirmed their address: its author, or who joins it.

    The author agrees with that; who joins follows the idea from now on, once, and where it goes on
    if it was merged meanwhile. Joining confirms nothing for the author.
    """
    email = email.strip().lower()
    if idea.followers.filter(email__iexact=email, is_author=True).exists():
        confirm_author(idea)
        return
    row = moving.lock([idea])[idea.pk]
    while row.merged_into:
        row = row.merged_into
    if not row.followers.filter(email__iexact=email).exists():
        follower = IdeaFollower(idea=row, email=email, name=name, language=language)
        follower.full_clean()
        follower.save()
