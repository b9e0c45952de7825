"""The work list of one person for one day: their own matters and those they stand in for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases import escalating
from contacts.cases.messages import Message
from contacts.cases.models import Case, CaseQuerySet
from projects.pipeline.models import Milestone, Project
from zentrum.accounts.models import User
from zentrum.mail.models import OutgoingMail
from zentrum.office.people import stands_in_for

MOST = 25  # rows of a section; the list shows the rest
AHEAD = timedelta(days=7)
SHOWN = (  # what a row of the list says; a case has twice as many columns
    *("reference", "subject", "state", "reply_by", "read_at", "escalation", "sender_name"),
    *("waiting_for", "waiting_until", "owner__name", "owner__email"),
    *(f"actor__{column}" for column in Actor.NAMED_BY),
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
    """Each case once, in the section that presses most. Two queries, whatever the history."""
    own = Case.objects.visible_to(user).filter(owner__in=owners)
    open_ones = own.filter(state=Case.State.OPEN)
    unread = open_ones.filter(read_at__isnull=True)
    parts: dict[str, CaseQuerySet] = {
        "escalated": escalating.told_to(user, owners),
        "overdue": open_ones.filter(reply_by__lt=today),
        "due": open_ones.filter(reply_by=today),
        "new": unread.filter(reply_by__gt=today),
        "waiting": own.filter(state=Case.State.WAITING, waiting_until__lte=today),
        "soon": open_ones.filter(
            Q(read_at__isnull=False), reply_by__gt=today, reply_by__lte=today + AHEAD
        ),
    }
    ids = _ids(parts)
    rows = Case.objects.select_related("owner", "actor").only(*SHOWN)
    found = rows.in_bulk([pk for pks in ids.values() for pk in pks])
    return [
        Section(key, TITLES[key], [found[pk] for pk in pks[:MOST]], len(pks) > MOST)
        for key, pks in ids.items()
    ]


def _ids(parts: dict[str, CaseQuerySet]) -> dict[str, list[int]]:
    marked = [
        part.order_by("reply_by", "pk")
        .annotate(section=Value(key, output_field=CharField()))
        .values_list("section", "pk", "reply_by")[: MOST + 1]
        for key, part in parts.items()
    ]
    ids: dict[str, list[int]] = {key: [] for key in parts}
    rows = marked[0].union(*marked[1:], all=True)
    for key, pk, _day in sorted(rows, key=lambda row: (row[2], row[1])):
        ids[key].append(pk)
    return ids


def overdue_consultations(user: User, owners: dict[int, User], today: date) -> list[Case]:
    """Cases of these people in which another office is late; once for each that was asked.

    Each carries `consultation_id`, `asked` (whom) and `asked_until`.
    """
    own = Case.objects.visible_to(user).open().filter(owner__in=owners)
    late = own.filter(consultations__state="asked", consultations__due_on__lt=today)
    named = late.annotate(
        consultation_id=F("consultations__pk"),
        asked=F("consultations__name"),
        asked_until=F("consultations__due_on"),
    )
    shown = named.only("reference", "subject")
    return list(shown.order_by("asked_until", "consultation_id")[:MOST])


def undelivered(user: User, owners: dict[int, User]) -> list[Message]:
    """What was mailed about these people's cases and did not arrive, until somebody deals with it.

    One query, whatever the history: few mails fail.
    """
    failed = OutgoingMail.objects.needing_care().values_list(Coalesce("copy_of", "pk"))
    entries = Message.objects.filter(mail__in=failed, case__owner__in=owners)
    seen = entries.filter(case__in=Case.objects.visible_to(user))
    shown = seen.select_related("case").only("created_at", "case__reference", "case__subject")
    return list(shown.order_by("-pk")[:MOST])


def milestones(user: User, owners: dict[int, User], today: date) -> list[Milestone]:
    """Milestones that are due or come within a week, of the projects that these people lead."""
    projects = Project.objects.visible_to(user).running().filter(lead__in=owners)
    due = Milestone.objects.due(today + AHEAD).filter(project__in=projects)
    shown = due.select_related("project").only(
        "title", "planned_on", "project__reference", "project__title"
    )
    return list(shown.order_by("planned_on", "pk")[:MOST])
