"""What happens to a project: started, edited, moved to another phase, reported on."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.ideas import moving
from projects.ideas.models import Idea
from projects.pipeline import noting, planning
from projects.pipeline.dependencies import Dependency
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from projects.pipeline.progress_notes import ProgressNote
from projects.programme.models import FieldOfAction
from zentrum.office.references import next_reference

if TYPE_CHECKING:
    from zentrum.accounts.models import User

TWIN_WITHIN = timedelta(minutes=10)


@transaction.atomic
def start_project(
    ideas: Iterable[Idea],
    *,
    by: "User",
    title: str,
    summary: str,
    field_of_action: FieldOfAction,
    starts_on: date,
    **details: Any,
) -> Project:
    """Make a project `P-YYYY-NNNN` from accepted ideas of one desk, or from none.

    The ideas become "project started" in the same transaction and their followers are told; from
    now on they hear of the project. `details`: any other field of Project; lead defaults to `by`,
    centre and carrier to those of the ideas. Raises ValidationError when an idea is not accepted
    (any more), or with code "twin" when the same project was entered a moment ago.
    """
    with pghistory.context(user=by.pk):
        rows = list(moving.lock(ideas).values())
        _check_origins(rows)
        if rows:
            details = {"centre": rows[0].centre, "carrier": rows[0].carrier, **details}
        project = Project(
            reference=next_reference("P"),
            title=title.strip(),
            summary=summary.strip(),
            field_of_action=field_of_action,
            starts_on=starts_on,
            **{"lead": by, **details},
        )
        _refuse_twin(project)
        project.full_clean()
        project.save()
        project.origins.set(rows)
        for row in rows:
            moving.take_step(row, to=Idea.State.PROJECT_STARTED)
            moving.tell_followers(row)
    return project


@transaction.atomic
def join_project(project: Project, idea: Idea, *, by: "User") -> None:
    """Let an accepted idea go on in a project that is running already.

    It becomes "project started"; its followers are told and hear of the project from now on.
    Raises ValidationError when the idea is not accepted (any more), or the project has ended or
    belongs to another desk. (The idea's lock lets one of two people win; a project that ends at
    this moment keeps the idea, as if it had ended a moment later.)
    """
    with pghistory.context(user=by.pk):
        rows = list(moving.lock([idea]).values())
        _check_origins(rows)
        row = rows[0]
        project.refresh_from_db()
        if (project.carrier_id, project.centre_id) != (row.carrier_id, row.centre_id):
            raise ValidationError(_("The idea and the project belong to different desks."))
        if project.phase in Project.ENDED_PHASES:
            raise ValidationError(_("This project has ended: choose one that is running."))
        project.origins.add(row)
        moving.take_step(row, to=Idea.State.PROJECT_STARTED)
        moving.tell_followers(row, joined=project)
    idea.refresh_from_db()


def _check_origins(rows: list[Idea]) -> None:
    for row in rows:
        if row.state != Idea.State.ACCEPTED:
            raise ValidationError(
                _("A project grows from accepted ideas only; %(reference)s is “%(state)s”."),
                code="step",
                params={"reference": row.reference, "state": row.get_state_display()},
            )
    if len({(row.carrier_id, row.centre_id) for row in rows}) > 1:
        raise ValidationError(_("The ideas belong to different desks."), code="desks")


def _refuse_twin(project: Project) -> None:
    """A double click makes one project: the second one waits for the counter's locked row."""
    twin = Project.objects.filter(
        carrier=project.carrier,
        centre=project.centre,
        title=project.title,
        summary=project.summary,
        created_at__gte=timezone.now() - TWIN_WITHIN,
    ).first()
    if twin:
        raise ValidationError(
            _("This project was entered a moment ago: %(reference)s."),
            code="twin",
            params={"reference": twin.reference, "pk": twin.pk},
        )


def _lock(project: Project, version: int | None) -> Project:
    row = Project.objects.select_for_update().get(pk=project.pk)
    if version is not None and version != row.version:
        raise ValidationError(
            _("Somebody else has changed this project in the meantime. Please look at it again."),
            code="stale",
        )
    return row


def _save(row: Project) -> None:
    row.version += 1
    row.full_clean()
    row.save()


@transaction.atomic
def edit_project(
    project: Project, *, by: "User", version: int | None = None, **changes: Any
) -> None:
    """Save changed details. Raises ValidationError (code "stale") when somebody was faster."""
    with pghistory.context(user=by.pk):
        row = _lock(project, version)
        _refuse_late_start(row, changes.get("starts_on"))
        for name, value in changes.items():
            setattr(row, name, value)
        _save(row)
    project.refresh_from_db()


def _refuse_late_start(row: Project, starts_on: date | None) -> None:
    """The database holds the same (`order.py`), without the words."""
    if not starts_on or starts_on <= row.starts_on:
        return
    first = row.milestones.filter(Q(planned_on__lt=starts_on) | Q(starts_on__lt=starts_on)).first()
    if first:
        text = _("The milestone “%(title)s” is planned before this day.")
        raise ValidationError({"starts_on": ValidationError(text, params={"title": first.title})})


@transaction.atomic
def save_milestone(
    milestone: Milestone, *, after: Iterable[Milestone] | None = None, by: "User"
) -> None:
    """Save a step of a project's plan and which steps it comes after; None leaves them alone.

    The project's row is locked: of two people who let two steps wait for each other, one is
    refused. Raises ValidationError when the steps would wait for each other in a circle.
    """
    with pghistory.context(user=by.pk):
        _lock(milestone.project, None)
        milestone.full_clean()
        milestone.save()
        if after is not None:
            _set_after(milestone, {step.pk: step for step in after})


def _set_after(milestone: Milestone, after: dict[int, Milestone]) -> None:
    pairs = Dependency.objects.filter(later__project=milestone.project_id)
    before: dict[int, set[int]] = {}
    for later, earlier in pairs.exclude(later=milestone).values_list("later", "earlier"):
        before.setdefault(later, set()).add(earlier)
    if back := planning.leads_back(milestone.pk, after, before):
        raise ValidationError(
            _("“%(title)s” waits for this step itself: the two would wait for each other forever."),
            code="circle",
            params={"title": after[back].title},
        )
    waits_for = Dependency.objects.filter(later=milestone)
    waits_for.exclude(earlier__in=after).delete()
    known = set(waits_for.values_list("earlier", flat=True))
    for pk in after.keys() - known:
        Dependency.objects.create(later=milestone, earlier_id=pk)


@transaction.atomic
def move_project(
    project: Project, *, to: str, by: "User", reason: str = "", version: int | None = None
) -> None:
    """Move a project to another phase. Paused and cancelled need a reason; on a public project
    every phase needs its sentence, which is mailed to those who follow it.

    Raises ValidationError when the step is not in `Project.STEPS`, or the sentence is missing.
    """
    with pghistory.context(user=by.pk):
        row = _lock(project, version)
        if to not in row.next_phases:
            raise ValidationError(
                _("A project that is “%(now)s” cannot become “%(to)s”."),
                code="step",
                params={
                    "now": row.get_phase_display(),
                    "to": dict(Project.Phase.choices).get(to, to),
                },
            )
        if row.is_public and not reason.strip():
            refusal = _("Please say in a sentence what this means. Everybody reads it.")
            raise ValidationError({"reason": refusal})
        row.phase = to
        row.phase_reason = reason.strip()
        _save(row)
        if row.is_public:
            noting.mail_phase(row)
    project.refresh_from_db()


@transaction.atomic
def publish_note(
    project: Project, *, author: "User", text: str, is_public: bool = True
) -> ProgressNote:
    """Write down what happened and, when it is public, mail it once to each follower.

    The same text again (a double click) is the same note: nobody gets it twice.
    """
    with pghistory.context(user=author.pk):
        row = _lock(project, None)
        text = text.strip()
        newest = row.progress_notes.order_by("-pk").first()
        if newest and (newest.text, newest.author_id) == (text, author.pk):
            return newest
        note = ProgressNote(project=row, author=author, text=text, is_public=is_public)
        note.full_clean()
        note.save()
        if is_public:
            noting.mail_note(note)
    return note
