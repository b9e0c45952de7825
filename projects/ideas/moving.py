"""The road of an idea: one step at a time, under a row lock, with the mails that a step causes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.ideas.followers import IdeaFollower
from projects.ideas.models import Idea
from zentrum.common.links import absolute
from zentrum.mail.services import post


def lock(ideas: Iterable[Idea]) -> dict[int, Idea]:
    """The rows of these ideas as they are now, locked in the order of their keys (no deadlock)."""
    keys = [idea.pk for idea in ideas]
    rows = Idea.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def refuse_stale(row: Idea, version: int | None) -> None:
    if version is not None and version != row.version:
        raise ValidationError(
            _("Somebody else has changed this idea in the meantime. Please look at it again."),
            code="stale",
        )


def refuse_other_steps(row: Idea, to: str) -> None:
    if to not in row.next_states:
        raise ValidationError(
            _("An idea that is “%(now)s” cannot become “%(to)s”."),
            code="step",
            params={
                "now": row.get_state_display(),
                "to": dict(Idea.State.choices).get(to, to),
            },
        )


def take_step(
    row: Idea,
    *,
    to: str,
    reason: str = "",
    remark: str = "",
    merged_into: Idea | None = None,
    returns_on: date | None = None,
) -> None:
    """Save the next state of a locked idea; `returns_on`: when a parked one comes back.

    `reason` is for those who follow and the public, `remark` for the office alone.

    Raises ValidationError when the step is not allowed.
    """
    refuse_other_steps(row, to)
    if to in Idea.OPEN_STATES:
        row.decided_at = None
    elif row.state != Idea.State.ACCEPTED:  # what follows acceptance decides nothing anew
        row.decided_at = timezone.now()
    row.state = to
    row.reason, row.remark = reason.strip(), remark.strip()
    row.merged_into = merged_into if to == Idea.State.MERGED else None
    row.returns_on = returns_on
    save_next_version(row)


def save_next_version(row: Idea) -> None:
    row.version += 1
    row.full_clean()
    row.save()


def tell_followers(row: Idea, *, joined: Any = None) -> None:
    """Mail the new state and its reason to the author and the others who follow the idea.

    Each in the language in which they began to follow. `joined`: the running project that the idea
    goes on in, for the words of the mail.

    The author hears of a decision even when the address is not confirmed yet: it is an answer.
    """
    for follower in row.followers.filter(stopped_at__isnull=True).order_by("pk"):
        with override(follower.language):
            subject = _decision_subject(row)
        post(
            key=f"idea-{row.pk}-{row.version}-follower-{follower.pk}",
            to=follower.email,
            subject=subject,
            template="projects/email/idea_decision",
            context={
                "idea": row,
                "follower": follower,
                "joined": joined,
                "idea_url": absolute(row.get_public_url()) if row.released_at else "",
                "stop_url": absolute(follower.get_stop_url()),
            },
            carrier=row.carrier,
            centre=row.centre,
            language=follower.language,
            unsubscribe_url=absolute(follower.get_stop_url()),
        )


def _decision_subject(row: Idea) -> str:
    if row.state == Idea.State.QUERY:
        return _("Please answer: a question about your idea %(reference)s") % {
            "reference": row.reference
        }
    return _("Your idea %(reference)s: %(state)s") % {
        "reference": row.reference,
        "state": row.get_state_display(),
    }


def pass_on_followers(source: Idea, target: Idea) -> None:
    """Who followed a merged idea follows the one it was merged into, with a new stop link."""
    IdeaFollower.objects.bulk_create(
        [
            IdeaFollower(
                idea=target,
                email=follower.email,
                name=follower.name,
                language=follower.language,
            )
            for follower in source.followers.active()
        ],
        ignore_conflicts=True,
    )
