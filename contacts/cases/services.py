"""What the desk does with a case. Each step locks the row and refuses what is out of date."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from contacts.cases.closing import close, reopen
from contacts.cases.conversing import add_incoming, add_note, reply
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.promising import promise, resume, wait
from contacts.cases.timeline import happened, lock, required, save
from projects.ideas import services as ideas
from projects.ideas.models import Idea
from projects.pipeline import following
from zentrum.accounts.models import User
from zentrum.office import people

__all__ = [
    "add_incoming",
    "add_note",
    "adopt_as_idea",
    "close",
    "confirm_email",
    "hand_over",
    "link_actor",
    "mark_read",
    "promise",
    "reopen",
    "reply",
    "resume",
    "wait",
]

Event = Message.Event


@transaction.atomic
def hand_over(case: Case, *, to: User, by: User, version: int, note: str = "") -> None:
    """Give the case to a colleague of the same desk; the new owner finds it unread."""
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case is not handed over. Open it again first."))
    if to == case.owner:
        raise ValidationError(_("%(name)s already has this case.") % {"name": to})
    if not people.colleagues(case.carrier, case.centre).filter(pk=to.pk).exists():
        raise ValidationError(_("%(name)s does not work at this desk.") % {"name": to})
    way = f"{case.owner} → {to}"
    case.follow_ups.open().filter(assignee=case.owner).update(assignee=to)
    case.owner = to
    save(case)
    case.read_at = None if to != by else case.read_at
    case.save(update_fields=["read_at"])
    happened(case, Event.HANDED_OVER, by=by, text=f"{way}\n{note.strip()}".strip())


@transaction.atomic
def adopt_as_idea(
    case: Case, *, by: User, title: str, version: int, author_agreed: bool = False
) -> Idea:
    """Make an idea of the case, once. Its author follows the idea by mail.

    The author counts as confirmed when the e-mail address is, or when they agreed at the desk.
    """
    lock(case, version)
    if case.idea_id:
        raise ValidationError(_("The case was already adopted as an idea."))
    first = case.messages.filter(kind=Message.Kind.INCOMING).first()
    agreed_at = timezone.now() if author_agreed else None
    case.idea = ideas.create_idea(
        title=required(title, _("The idea needs a title.")),
        text=first.text if first else case.subject,
        centre=case.centre,
        carrier=case.carrier,
        received_on=timezone.localtime(case.received_at).date(),
        place=case.place,
        latitude=case.latitude,
        longitude=case.longitude,
        author_email=case.sender_email,
        author_name=case.sender_name,
        author_language=case.sender_language,
        author_confirmed_at=case.email_confirmed_at or agreed_at,
    )
    save(case)
    happened(case, Event.ADOPTED, by=by, text=str(case.idea))
    return case.idea


@transaction.atomic
def link_actor(case: Case, *, actor: Actor | None, by: User, version: int) -> None:
    """Say which actor of the directory the sender is, or take that back."""
    lock(case, version)
    if actor and actor.centre_id != case.centre_id:
        raise ValidationError(_("This actor belongs to another centre."))
    before = str(case.actor) if case.actor else "–"
    case.actor = actor
    save(case)
    happened(case, Event.EDITED, by=by, text=f"{before} → {actor or '–'}")


@transaction.atomic
def mark_read(case: Case) -> None:
    """Note that somebody of the desk has read it. Disturbs nobody who edits the case."""
    Case.objects.filter(pk=case.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def confirm_email(case: Case) -> bool:
    """The sender followed the mailed link: the address is theirs. False if it was known before."""
    lock(case)
    if case.email_confirmed_at:
        return False
    case.email_confirmed_at = timezone.now()
    case.save(update_fields=["email_confirmed_at", "updated_at"])
    happened(case, Event.CONFIRMED)
    if case.idea:
        ideas.confirm_address(
            case.idea,
            email=case.sender_email,
            name=case.sender_name,
            language=case.sender_language,
        )
    if case.project:
        following.begin(
            case.project,
            email=case.sender_email,
            name=case.sender_name,
            language=case.sender_language,
        )
    return True
