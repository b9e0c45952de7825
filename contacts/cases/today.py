"""The work list of one person for one day: their own matters and those they stand in for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases import escalating
from contacts.cases.models import Case, CaseQuerySet
from projects.pipeline.milestones import Milestone
from zentrum.accounts.models import User
from zentrum.mail.models import OutgoingMail
from zentrum.office.people import stands_in_for

MOST = 8  # rows of a section; the list shows the rest
AHEAD = timedelta(days=7)
SHOWN = (  # what a row of the list says; a case has twice as many columns
    *("reference", "subject", "state", "reply_by", "read_at", "escalation", "sender_name"),
    *("waiting_for", "waiting_until", "owner__name", "owner__email"),
    *Actor.named_at("actor"),
)

TITLES = {
    "escalated": _("Escalated to you"),
    "overdue": _("Overdue"),
    "due": _("Due today"),
    "new": _("New and unread"),
    "waiting": _("Waiting time is over"),
    "soon": _("In the next days"),
}


@dataclass
class Section:
    key: str
    title: Any
    cases: list[Case] = field(default_factory=list)
    has_more: bool = False


def responsible_for(user: User) -> dict[int, User]:
    """Whose matters this person looks after today, by id: their own, and those of absent
    colleagues whose chain of deputies ends here."""
    return {user.pk: user, **stands_in_for(user)}


def sections(user: User, owners: dict[int, User], today: date) -> list[Section]:
    """Each case once, in the section that presses most. Three queries, whatever the history."""
    ids: dict[str, list[int]] = {key: [] for key in TITLES}
    own = Case.objects.visible_to(user).filter(_presses(user, owners, today))
    rows = own.order_by("reply_by", "pk").values_list("pk", "owner", "state", "reply_by", "read_at")
    for pk, owner, state, reply_by, read_at in rows:
        key = _section(owner in owners, state, reply_by, today, is_read=bool(read_at))
        ids[key].append(pk)
    shown = Case.objects.select_related("owner", "actor").only(*SHOWN)
    found = shown.in_bulk([pk for pks in ids.values() for pk in pks[:MOST]])
    return [
        Section(key, TITLES[key], [found[pk] for pk in pks[:MOST]], len(pks) > MOST)
        for key, pks in ids.items()
    ]


def _presses(user: User, owners: dict[int, User], today: date) -> Q:
    """What these people have to do by next week, and what is escalated to this person."""
    comes = Q(read_at__isnull=True) | Q(reply_by__lte=today + AHEAD)
    is_over = Q(state=Case.State.WAITING, waiting_until__lte=today)
    own = Q(owner__in=owners) & (Q(state=Case.State.OPEN) & comes | is_over)
    others_wait = Case.objects.escalated().exclude(owner__in=owners).exists()
    return own | escalating.is_told_to(user, owners) if others_wait else own


def _section(is_own: bool, state: str, reply_by: date, today: date, *, is_read: bool) -> str:
    if not is_own:
        return "escalated"
    if state == Case.State.WAITING:
        return "waiting"
    if reply_by <= today:
        return "due" if reply_by == today else "overdue"
    return "soon" if is_read else "new"


def undelivered(user: User, owners: Iterable[int]) -> CaseQuerySet:
    """What was mailed about these people's cases and did not arrive, until somebody deals with it.

    A case for each entry of its timeline, which it carries as `entry_id` and `written_at`.
    """
    failed = OutgoingMail.objects.needing_care().values_list(Coalesce("copy_of", "pk"))
    own = Case.objects.visible_to(user).filter(owner__in=owners, messages__mail__in=failed)
    shown = own.annotate(entry_id=F("messages__pk"), written_at=F("messages__created_at"))
    return shown.only("reference", "subject").order_by("-entry_id")


def milestones(user: User, owners: dict[int, User], today: date) -> list[Milestone]:
    """Milestones that are due or come within a week, for which these people answer."""
    due = Milestone.objects.visible_to(user).of_running().due(today + AHEAD).owned_by(owners)
    shown = due.select_related("project").only(
        "title", "planned_on", "project__reference", "project__title"
    )
    return list(shown.order_by("planned_on", "pk")[:MOST])
