"""Comments on ideas: handed in once, read by the office, shown or refused with a reason."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.ideas.comments import Comment
from projects.ideas.models import Idea
from zentrum.mail.services import post
from zentrum.office.working_time import OfficeCalendar

if TYPE_CHECKING:
    from zentrum.accounts.models import User

READ_WITHIN = 2  # working days
KEPT_REFUSED = timedelta(days=180)
State = Comment.State


@transaction.atomic
def hand_in(idea: Idea, *, key: UUID, name: str, email: str, text: str, language: str) -> Comment:
    """Take a comment in; nobody sees it before the office has read it. The same key is the same.

    Raises ValidationError when the idea takes no comments (any more), or a value is not valid.
    """
    if not (idea.released_at and idea.may_be_supported):
        raise ValidationError(_("This idea is decided: it takes no more comments."), code="closed")
    values = {"idea": idea, "name": name.strip(), "email": email.strip().lower()}
    values |= {"text": text.strip(), "language": language, "due_on": _due_on(idea)}
    Comment(key=key, **values).full_clean(validate_unique=False)
    comment, _is_new = Comment.objects.get_or_create(key=key, defaults=values)
    return comment


def _due_on(idea: Idea):
    return OfficeCalendar.of(idea.centre).add_working_days(timezone.localdate(), READ_WITHIN)


@transaction.atomic
def decide(comment: Comment, *, to: str, by: "User", reason: str = "") -> None:
    """Show a comment, or refuse it and mail the reason to who wrote it.

    One that is shown may be refused later. Raises ValidationError when somebody else has decided
    meanwhile, or the reason is missing. The row's lock lets one of two people win.
    """
    comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())
    allowed = {State.WAITING: (State.SHOWN, State.REFUSED), State.SHOWN: (State.REFUSED,)}
    if to not in allowed.get(State(comment.state), ()):
        raise ValidationError(_("Somebody else has decided on this comment already."), code="stale")
    if to == State.REFUSED and not reason.strip():
        raise ValidationError({"reason": _("Please give the reason: it is mailed to the author.")})
    comment.state = to
    comment.reason = reason.strip() if to == State.REFUSED else ""
    comment.decided_at, comment.decided_by = timezone.now(), by
    comment.full_clean()
    comment.save()
    if to == State.REFUSED:
        _tell(comment)


def _tell(comment: Comment) -> None:
    idea = comment.idea
    with override(comment.language):
        subject = _("Your comment on “%(title)s”") % {"title": idea.title}
    post(
        key=f"idea-comment-{comment.pk}-refused",
        to=comment.email,
        subject=subject,
        template="projects/email/comment_refused",
        context={"comment": comment, "idea": idea},
        carrier=idea.carrier,
        centre=idea.centre,
        language=comment.language,
    )


def forget_refused(now: datetime) -> int:
    """Delete what was refused half a year ago, with its address; returns how many."""
    old = Comment.objects.filter(state=State.REFUSED, decided_at__lt=now - KEPT_REFUSED)
    return old.delete()[0]
