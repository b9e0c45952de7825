from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from actors.privacy import erasing, planning, preparing, tasks
from actors.privacy.models import Disclosure, Erasure, RetentionProposal, RetentionRule
from actors.privacy.naming import replaced
from zentrum.common.queueing import queue_on_commit
from zentrum.common.text import normalise

if TYPE_CHECKING:
    from zentrum.accounts.models import User

State = Disclosure.State
SAME_WITHIN = timedelta(minutes=10)  # the button was pressed twice
BODY = _("A body is no person: it is archived, and its members are erased one by one.")
MERGED = _("This actor was merged into another one: erase that one.")
CHANGED = _(
    "Something about this actor has changed since the page was opened. "
    "Please look at the list once more."
)


@transaction.atomic
def erase_actor(
    actor: Actor,
    *,
    by: "User",
    name: str,
    reason: str,
    fingerprint: str,
    is_offered: bool = False,
    keep: Collection[str] = (),
) -> Erasure:
    """Erase all that is known of an actor (Art. 17 GDPR); what stays names nobody.

    `name` is typed as a confirmation, `fingerprint` is that of the plan that was shown, `keep` are
    the keys of mentions that mean somebody else. Raises ValidationError when something changed in
    between (code "stale"), or a closed case that became an idea was not offered to the archive.
    The lock of the actor's row keeps new matters out until it is done, and lets one of two people
    who press at once win.
    """
    locked = Actor.objects.select_for_update().filter(pk=actor.pk).first()
    if locked is None:
        raise ValidationError(CHANGED, code="stale")
    check_erasable(locked)
    planned = planning.plan(locked)
    if planned.fingerprint != fingerprint:
        raise ValidationError(CHANGED, code="stale")
    if normalise(name) != normalise(str(locked)):
        raise ValidationError({"name": _("This is not the name of the actor.")})
    if planned.to_offer and not is_offered:
        raise ValidationError({"is_offered": _("First offer these cases to the archive.")})
    by_name, wide = erasing.placeholder(), planned.trace.identity.wide
    _close_proposals(planned.trace.keys, by, by_name)
    counts = erasing.execute(planned, keep=keep)
    return Erasure.objects.create(
        by=by, centre=locked.centre, counts=counts, reason=replaced(reason, wide, by_name)[:300]
    )


@transaction.atomic
def ask_disclosure(actor: Actor, *, by: "User") -> Disclosure:
    """Have the file put together with everything that is kept about an actor.

    While one is being put together, whoever asked for it, and when the button is pressed twice,
    that one is returned.
    """
    Actor.objects.select_for_update(no_key=True).get(pk=actor.pk)
    asked = Disclosure.objects.filter(actor=actor)
    mine = asked.filter(by=by, state=State.READY, at__gte=timezone.now() - SAME_WITHIN)
    if twin := asked.running().first() or mine.first():
        return twin
    row = Disclosure.objects.create(actor=actor, by=by)
    queue_on_commit(tasks.put_together_disclosure, row.pk)
    return row


def resume_disclosures(now: datetime) -> int:
    """Queue again what no worker is at (for the tick); how many that were."""
    waiting = preparing.waiting_ids(now)
    for pk in waiting:
        queue_on_commit(tasks.put_together_disclosure, pk)
    return len(waiting)


def note_handed_out(row: Disclosure, *, by: "User") -> None:
    """Note who downloaded the file first, and when."""
    first = Disclosure.objects.filter(pk=row.pk, handed_out_at__isnull=True)
    first.update(handed_out_at=timezone.now(), handed_out_by=by)


def check_erasable(actor: Actor) -> None:
    """Raises ValidationError for a body, and for an actor that was merged into another one."""
    if actor.kind == Actor.Kind.BODY:
        raise ValidationError(BODY)
    if actor.merged_into_id:
        raise ValidationError(MERGED)


def _close_proposals(keys: list[int], by: "User", label: str) -> None:
    proposals = RetentionProposal.objects.filter(
        rule__data_class=RetentionRule.DataClass.CONTACT, row__in=keys
    )
    proposals.open().update(decided_at=timezone.now(), decided_by=by)
    proposals.update(label=label)
