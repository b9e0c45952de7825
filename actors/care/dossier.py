"""The hand-over file: per actor what is promised, what was said last, and what is running."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from actors.care.above import other_end, related
from actors.care.models import Handover, Visit
from actors.directory.models import Actor
from zentrum.accounts.models import User

CONTACTS = 3  # of each actor, the newest
LONGEST_TEXT = 400  # letters of a contact in the file; the whole stands in the case
SAID = ("incoming", "outgoing")  # kinds of messages that went to or fro


@dataclass(frozen=True)
class Contact:
    at: datetime
    title: str
    text: str = ""
    who: str = ""
    url: str = ""


@dataclass(frozen=True)
class Matter:
    """An open promise, a running idea or a running project."""

    title: str
    state: str
    url: str
    day: date | None = None  # of a promise: reply by
    who: str = ""


@dataclass
class ActorFile:
    actor: Actor
    address: str = ""
    phone: str = ""
    email: str = ""
    promises: list[Matter] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    ideas: list[Matter] = field(default_factory=list)
    projects: list[Matter] = field(default_factory=list)


def files_of(handover: Handover, user: User) -> list[ActorFile]:
    """One file per actor of the hand-over, by name; of cases, ideas and projects what the user may
    see. Eleven queries, however many actors there are."""
    actors = handover.actors.visible_to(user).order_by("sort_text", "pk")
    actors = actors.prefetch_related("addresses", "phones", "emails")
    files = {actor.pk: _file(actor) for actor in actors}
    if user.has_perm("contacts.view_case"):
        _add_promises(files, user)
    _add_contacts(files, user)
    if user.has_perm("projects.view_idea"):
        _add_ideas(files, user)
    if user.has_perm("projects.view_project"):
        _add_projects(files, user)
    return list(files.values())


def _file(actor: Actor) -> ActorFile:
    return ActorFile(
        actor,
        address=_first(actor.addresses),
        phone=_first(actor.phones),
        email=_first(actor.emails),
    )


def _first(rows: Any) -> str:
    return next((str(row) for row in rows.all()), "")


def _add_promises(files: dict[int, ActorFile], user: User) -> None:
    cases = related("cases").objects.visible_to(user).open().filter(actor__in=files)
    for case in cases.select_related("owner").order_by("reply_by", "pk"):
        promise = Matter(
            str(case),
            case.get_state_display(),
            case.get_absolute_url(),
            case.reply_by,
            str(case.owner),
        )
        files[case.actor_id].promises.append(promise)


def _add_contacts(files: dict[int, ActorFile], user: User) -> None:
    found = defaultdict(list)
    readers = [_visits, _introductions]
    if user.has_perm("contacts.view_case"):
        readers.append(_messages)
    for reader in readers:
        for pk, contact in reader(files, user):
            found[pk].append(contact)
    for pk, contacts in found.items():
        contacts.sort(key=lambda contact: contact.at, reverse=True)
        files[pk].contacts = contacts[:CONTACTS]


def _newest(rows: Any, actor: str, moment: str) -> Any:
    """The three newest rows of each actor."""
    rank = Window(RowNumber(), partition_by=[F(actor)], order_by=[F(moment).desc(), F("pk").desc()])
    return rows.order_by().annotate(rank=rank).filter(rank__lte=CONTACTS)


def _visits(files: Iterable[int], user: User) -> Iterator[tuple[int, Contact]]:
    visits = Visit.objects.visible_to(user).done().filter(actor__in=files).select_related("user")
    for visit in _newest(visits, "actor", "visited_at"):
        title = _("Visit, met nobody") if visit.met_nobody else _("Visit")
        yield visit.actor_id, Contact(visit.visited_at, title, _short(visit.text), str(visit.user))


def _messages(files: Iterable[int], user: User) -> Iterator[tuple[int, Contact]]:
    case = related("cases")
    messages = other_end(case, "messages").objects.filter(kind__in=SAID, case__actor__in=files)
    messages = messages.filter(case__in=case.objects.visible_to(user)).defer("search_text")
    for message in _newest(messages, "case__actor", "created_at").select_related("case", "author"):
        yield (
            message.case.actor_id,
            Contact(
                message.created_at,
                f"{message.get_kind_display()}: {message.case}",
                _short(message.text),
                str(message.author or ""),
                message.case.get_absolute_url(),
            ),
        )


def _introductions(files: Iterable[int], user: User) -> Iterator[tuple[int, Contact]]:
    rows = related("introductions").objects.visible_to(user)
    for mine, theirs in (("first", "second"), ("second", "first")):
        found = _newest(rows.filter(**{f"{mine}__in": files}), mine, "created_at")
        for row in found.select_related(theirs, "by"):
            other = getattr(row, theirs)
            title = _("Introduced to %(name)s") % {"name": other}
            contact = Contact(
                row.created_at, title, _short(row.text), str(row.by), other.get_absolute_url()
            )
            yield getattr(row, f"{mine}_id"), contact


def _add_ideas(files: dict[int, ActorFile], user: User) -> None:
    """Ideas that grew from the actors' cases and are not decided, or accepted."""
    case = related("cases")
    idea = other_end(case, "idea")
    running = (*idea.OPEN_STATES, idea.State.ACCEPTED)
    pairs = case.objects.filter(actor__in=files, idea__state__in=running).order_by()
    ideas = idea.objects.visible_to(user).filter(state__in=running, cases__actor__in=files)
    known = {row.pk: row for row in ideas.distinct()}
    for actor, pk in pairs.values_list("actor", "idea").distinct().order_by("actor", "idea"):
        if row := known.get(pk):
            matter = Matter(str(row), row.get_state_display(), row.get_absolute_url())
            files[actor].ideas.append(matter)


def _add_projects(files: dict[int, ActorFile], user: User) -> None:
    rows = related("participations")
    running = other_end(rows, "project").objects.visible_to(user).running()
    mine = rows.objects.filter(actor__in=files, project__in=running).select_related("project")
    for row in mine.order_by("project__starts_on", "pk"):
        project = row.project
        files[row.actor_id].projects.append(
            Matter(
                str(project),
                project.get_phase_display(),
                project.get_absolute_url(),
                who=row.function,
            )
        )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
