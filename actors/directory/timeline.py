"""Everything that ever happened with an actor, in one list, read by reverse relations."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.directory.models import Actor
from zentrum.accounts.models import User

STEP = 50  # entries; so many more come on request
MOST = 1000


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: str
    icon: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    state: str = ""
    is_whole_day: bool = False


def entries_of(actor: Actor, user: User, *, kind: str = "", most: int = STEP) -> list[Entry]:
    """The newest entries that the user may see, at most one more than `most`: older ones exist.

    One query per kind, however many entries there are.
    """
    readers = [KINDS[kind][1]] if kind in KINDS else [reader for _label, reader in KINDS.values()]
    found = chain.from_iterable(reader(actor, user, most + 1) for reader in readers)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[: most + 1]


def kinds_for(user: User) -> list[tuple[str, str | Promise]]:
    """The kinds of entries that the user may filter by."""
    hidden = {kind for kind, permission in NEEDED.items() if not user.has_perm(permission)}
    return [(kind, label) for kind, (label, _reader) in KINDS.items() if kind not in hidden]


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _may(user: User, kind: str) -> bool:
    return user.has_perm(NEEDED[kind])


def _above(rows: Any, field: str) -> Any:
    """The model on the other end of a relation of an upper app, which cannot be imported here."""
    return rows.model._meta.get_field(field).related_model


def _notes(actor: Actor, user: User, most: int) -> Iterable[Entry]:
    notes = actor.notes.visible_to(user).select_related("author").order_by("-created_at", "-pk")
    for note in notes[:most]:
        who = str(note.author)
        yield Entry(note.created_at, "note", "note", _("Local knowledge"), note.text, who)


def _cases(actor: Any, user: User, most: int) -> Iterable[Entry]:
    if not _may(user, "case"):
        return
    for case in actor.cases.visible_to(user).order_by("-received_at", "-pk")[:most]:
        yield Entry(
            case.received_at,
            "case",
            "mail",
            f"{case.get_kind_display()} {case.reference}",
            case.subject,
            url=case.get_absolute_url(),
            state=case.get_state_display(),
        )


def _ideas(actor: Any, user: User, most: int) -> Iterable[Entry]:
    """Ideas that grew from the actor's cases."""
    if not _may(user, "idea"):
        return
    ideas: QuerySet = _above(actor.cases, "idea").objects.visible_to(user)
    mine = ideas.filter(pk__in=actor.cases.filter(idea__isnull=False).values("idea"))
    for idea in mine.order_by("-received_on", "-pk")[:most]:
        yield Entry(
            _morning(idea.received_on),
            "idea",
            "idea",
            _("Idea %(reference)s") % {"reference": idea.reference},
            idea.title,
            url=idea.get_absolute_url(),
            state=idea.get_state_display(),
            is_whole_day=True,
        )


def _projects(actor: Any, user: User, most: int) -> Iterable[Entry]:
    if not _may(user, "project"):
        return
    projects = _above(actor.participations, "project").objects.visible_to(user)
    rows = actor.participations.filter(project__in=projects).select_related("project")
    for row in rows.order_by("-project__starts_on", "-pk")[:most]:
        yield Entry(
            _morning(row.project.starts_on),
            "project",
            "flag",
            _("Takes part in the project %(reference)s") % {"reference": row.project.reference},
            row.project.title,
            who=row.function,
            url=row.project.get_absolute_url(),
            state=row.project.get_phase_display(),
            is_whole_day=True,
        )


def _site_notices(actor: Any, user: User, most: int) -> Iterable[Entry]:
    """Building sites of which the actor was told."""
    if not _may(user, "project"):
        return
    notices = _above(actor.site_notices, "notice").objects.visible_to(user)
    rows = actor.site_notices.filter(notice__in=notices).select_related("notice__project")
    for row in rows.defer("notice__area").order_by("-created_at", "-pk")[:most]:
        yield Entry(
            row.created_at,
            "site_notice",
            "mail",
            _("Told of a building site, %(way)s") % {"way": row.get_way_display()},
            row.notice.title,
            url=row.notice.project.get_absolute_url(),
        )


def _visits(actor: Any, user: User, most: int) -> Iterable[Entry]:
    visits = actor.visits.visible_to(user).done().select_related("user")
    for visit in visits.order_by("-visited_at", "-pk")[:most]:
        title = _("Visit, met nobody") if visit.met_nobody else _("Visit")
        yield Entry(visit.visited_at, "visit", "place", title, visit.text, str(visit.user))


def _handovers(actor: Any, user: User, most: int) -> Iterable[Entry]:
    rows = actor.contact_persons.visible_to(user).select_related("user")
    rows = rows.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on", "-pk")
    files = actor.handovers.visible_to(user).order_by("-on", "-pk")[:most]
    told = {(file.on, file.to_user_id): file for file in files}
    for row in rows[:most]:
        file = told.get((row.starts_on, row.user_id))
        yield Entry(
            _morning(row.starts_on),
            "handover",
            "person",
            _("Contact person: %(name)s") % {"name": row.user},
            file.note if file else "",
            url=file.get_absolute_url() if file else "",
            is_whole_day=True,
        )


def _introductions(actor: Any, user: User, most: int) -> Iterable[Entry]:
    rows = _above_rows(actor, "introductions").visible_to(user).select_related("first", "second")
    mine = rows.filter(Q(first=actor) | Q(second=actor)).select_related("by")
    for row in mine.order_by("-created_at", "-pk")[:most]:
        other = row.second if row.first_id == actor.pk else row.first
        yield Entry(
            row.created_at,
            "introduction",
            "group",
            _("Introduced to %(name)s") % {"name": other},
            row.text,
            str(row.by),
            other.get_absolute_url(),
        )


def _above_rows(actor: Any, name: str) -> Any:
    return getattr(actor, name).model.objects


def _seats(actor: Any, user: User, most: int) -> Iterable[Entry]:
    seats = actor.seats.visible_to(user).select_related("body__actor")
    begun = seats.filter(starts_on__lte=timezone.localdate())
    for seat in begun.order_by("-starts_on", "-pk")[:most]:
        yield Entry(
            _morning(seat.starts_on),
            "seat",
            "group",
            _("Seat in %(body)s") % {"body": seat.body},
            who=seat.function,
            url=seat.body.actor.get_absolute_url(),
            is_whole_day=True,
        )


Reader = Callable[[Actor, User, int], Iterable[Entry]]
KINDS: dict[str, tuple[str | Promise, Reader]] = {
    "note": (gettext_lazy("Local knowledge"), _notes),
    "case": (gettext_lazy("Cases"), _cases),
    "idea": (gettext_lazy("Ideas"), _ideas),
    "project": (gettext_lazy("Projects"), _projects),
    "site_notice": (gettext_lazy("Site notices"), _site_notices),
    "visit": (gettext_lazy("Visits"), _visits),
    "handover": (gettext_lazy("Contact persons"), _handovers),
    "introduction": (gettext_lazy("Introductions"), _introductions),
    "seat": (gettext_lazy("Seats"), _seats),
}
NEEDED = {
    "case": "contacts.view_case",
    "idea": "projects.view_idea",
    "project": "projects.view_project",
    "site_notice": "projects.view_project",
}
