"""Whose time is over: what the rules propose each night, and what a confirmed proposal does."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from actors.care.models import Visit
from actors.directory.models import Actor
from actors.privacy.models import RetentionProposal, RetentionRule
from actors.privacy.tracing import related
from zentrum.common.periods import lasting
from zentrum.mail.models import OutgoingMail

DataClass = RetentionRule.DataClass
MOST = 500  # proposals of one rule in one night: people decide them one by one


@dataclass(frozen=True)
class Subject:
    """A class of data: the rows whose time began before a moment, and how a row reads."""

    rows: Callable[[datetime], models.QuerySet]
    since: str
    centre: str
    label: Callable[[Any], str]


def propose(on: date | None = None) -> int:
    """Write what is due by the active rules; returns how many new proposals there are.

    It may run twice: a row is proposed once per rule. An open proposal whose row is no longer due
    (the case was opened again) is taken back.
    """
    on = on or timezone.localdate()
    with translation.override(settings.LANGUAGE_CODE):
        return sum(_propose(rule, on) for rule in RetentionRule.objects.filter(is_active=True))


def is_due(proposal: RetentionProposal, on: date) -> bool:
    due = SUBJECTS[proposal.rule.data_class].rows(_before(proposal.rule, on))
    return due.filter(pk=proposal.row).exists()


def row_of(proposal: RetentionProposal) -> Any:
    """The row that a proposal is about; None when it is gone."""
    model = SUBJECTS[proposal.rule.data_class].rows(timezone.now()).model
    return model._base_manager.filter(pk=proposal.row).first()


def _propose(rule: RetentionRule, on: date) -> int:
    subject = SUBJECTS[rule.data_class]
    due = subject.rows(_before(rule, on))
    rule.proposals.open().exclude(row__in=due.order_by().values("pk")).delete()
    known = rule.proposals.values("row")
    new = list(_proposals(rule, subject, due.exclude(pk__in=known).order_by("pk")[:MOST]))
    RetentionProposal.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _proposals(rule: RetentionRule, subject: Subject, rows: Any) -> Iterator[RetentionProposal]:
    for row in rows:
        begun = getattr(row, subject.since)
        yield RetentionProposal(
            rule=rule,
            centre_id=_follow(row, subject.centre),
            row=row.pk,
            label=subject.label(row)[:300],
            due_on=months_after(timezone.localdate(begun), rule.months),
        )


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name)
    return row


def _before(rule: RetentionRule, on: date) -> datetime:
    day = months_after(on, -rule.months)
    return timezone.make_aware(datetime.combine(day, time.min))


def months_after(day: date, months: int) -> date:
    """The same day some months later (or earlier), the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _forgotten_people(before: datetime) -> models.QuerySet:
    """People of whom nothing was heard since, and who hold and belong to nothing today."""
    still = lasting(before.date())
    busy = [
        _reverse("cases")
        .filter(actor=OuterRef("pk"))
        .exclude(state="closed", closed_at__lt=before),
        _reverse("participations").filter(actor=OuterRef("pk"), updated_at__gte=before),
        _reverse("visits").filter(actor=OuterRef("pk"), updated_at__gte=before),
        _reverse("notes").filter(actor=OuterRef("pk"), created_at__gte=before),
        _reverse("relations").filter(still, actor=OuterRef("pk")),
        _reverse("relations_back").filter(still, other=OuterRef("pk")),
        _reverse("seats").filter(still, person=OuterRef("pk")),
        _reverse("deputy_seats").filter(still, deputy=OuterRef("pk")),
    ]
    people = Actor.objects.filter(
        kind=Actor.Kind.PERSON, updated_at__lt=before, merged_into__isnull=True
    )
    named = people.exclude(archived_at__isnull=False, given_name="")  # erased already
    return named.filter(*[~Exists(rows) for rows in busy])


def _reverse(name: str) -> models.QuerySet:
    """All rows of a relation that points at actors, by its name: some lie above."""
    return related(Actor, name)._base_manager.order_by()


def _closed_cases(before: datetime) -> models.QuerySet:
    return _reverse("cases").filter(state="closed", closed_at__lt=before)


def _old_drafts(before: datetime) -> models.QuerySet:
    drafts = related(related(Actor, "cases"), "drafts")._base_manager
    return drafts.filter(updated_at__lt=before).select_related("case")


def _old_mails(before: datetime) -> models.QuerySet:
    return OutgoingMail.objects.filter(
        sent_at__lt=before, centre__isnull=False, is_confidential=False
    ).exclude(text="")


def _old_visits(before: datetime) -> models.QuerySet:
    return Visit.objects.filter(visited_at__lt=before).select_related("actor")


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


SUBJECTS: dict[str, Subject] = {
    DataClass.CONTACT: Subject(_forgotten_people, "updated_at", "centre_id", str),
    DataClass.CASE: Subject(
        _closed_cases,
        "closed_at",
        "centre_id",
        lambda row: _("Case %(reference)s") % {"reference": row.reference},
    ),
    DataClass.DRAFT: Subject(
        _old_drafts,
        "updated_at",
        "case.centre_id",
        lambda row: _("Draft on case %(reference)s") % {"reference": row.case.reference},
    ),
    DataClass.MAIL: Subject(
        _old_mails,
        "sent_at",
        "centre_id",
        lambda row: _("Mail sent on %(day)s") % {"day": _day(row.sent_at)},
    ),
    DataClass.VISIT: Subject(
        _old_visits,
        "visited_at",
        "actor.centre_id",
        lambda row: (
            _("Visit at %(actor)s on %(day)s") % {"actor": row.actor, "day": _day(row.visited_at)}
        ),
    ),
}
