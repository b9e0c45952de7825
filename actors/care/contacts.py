"""When the office and an actor last had to do with each other.

A contact is a visit at which somebody was met, a message of a case in either direction, an
introduction, or a note on a project in which the actor takes part. Cases count when they are those
of the user's own carrier, whoever owns them: only the day shows, never what it was about.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from actors.care.above import other_end, related
from actors.care.models import Visit
from actors.directory.models import Actor, ActorQuerySet
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office.mandates import within_mandates


def without_contact(actors: ActorQuerySet, user: User, since: datetime) -> ActorQuerySet:
    """Actors that had no contact since that moment."""
    visits = _visits().filter(visited_at__gte=since)
    recent = Q(last_incoming_at__gte=since) | Q(last_outgoing_at__gte=since)
    cases = _cases(user).filter(recent, actor__isnull=False)
    introductions = _introductions(user).filter(created_at__gte=since)
    notes = _participations(user).filter(project__progress_notes__created_at__gte=since)
    met = (
        (visits, "actor"),
        (cases, "actor"),
        (introductions, "first"),
        (introductions, "second"),
        (notes, "actor"),
    )
    for rows, field in met:
        actors = actors.exclude(pk__in=rows.order_by().values(field))
    return actors


def last_contacts(pks: Iterable[int], user: User) -> dict[int, datetime]:
    """The moment of the last contact of these actors, if there ever was one. Five queries."""
    pks = list(pks)
    cases = _cases(user).filter(actor__in=pks)
    introductions = _introductions(user)
    found: list[tuple[int, datetime | None]] = [
        *_last(_visits().filter(actor__in=pks), "actor", "visited_at"),
        *_last(cases, "actor", "last_incoming_at", "last_outgoing_at"),
        *_last(introductions.filter(first__in=pks), "first", "created_at"),
        *_last(introductions.filter(second__in=pks), "second", "created_at"),
        *_last(
            _participations(user).filter(actor__in=pks),
            "actor",
            "project__progress_notes__created_at",
        ),
    ]
    last: dict[int, datetime] = {}
    for pk, moment in found:
        if moment and (pk not in last or moment > last[pk]):
            last[pk] = moment
    return last


def _last(rows: Any, field: str, *moments: str) -> Iterable[tuple[int, datetime | None]]:
    newest = rows.order_by().values(field).values_list(field, *map(Max, moments))
    for pk, *found in newest:
        yield from ((pk, moment) for moment in found)


def _visits() -> Any:
    return Visit.objects.done().filter(met_nobody=False)


def _cases(user: User) -> Any:
    return related("cases").objects.filter(within_mandates(user, OFFICE))


def _introductions(user: User) -> Any:
    return related("introductions").objects.visible_to(user)


def _participations(user: User) -> Any:
    rows = related("participations")
    projects = other_end(rows, "project").objects.visible_to(user)
    return rows.objects.filter(project__in=projects)


def longest_silent(actors: ActorQuerySet, user: User, most: int) -> list[Actor]:
    """Those of the actors that were without contact for longest, never met ones first."""
    rows = list(actors.order_by("sort_text", "pk"))
    last = last_contacts([actor.pk for actor in rows], user)
    rows.sort(key=lambda actor: last[actor.pk].timestamp() if actor.pk in last else 0.0)
    return rows[:most]
