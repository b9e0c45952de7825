from typing import Any

from django import template
from django.db.models import Q
from django.template import Context

from actors.directory.models import Actor
from actors.duplicates.comparing import PROPOSED_FROM
from actors.duplicates.merging import is_undoable
from actors.duplicates.models import Candidate, Merge

register = template.Library()


@register.inclusion_tag("actors/duplicates/_on_actor.html", takes_context=True)
def duplicates_of_actor(context: Context, actor: Actor) -> dict[str, Any]:
    """Whom an actor may be the same as, and what was merged into it; two queries."""
    user = context["request"].user
    if not user.has_perm("actors.merge_actor"):
        return {}
    pairs = Candidate.objects.open().visible_to(user).filter(score__gte=PROPOSED_FROM)
    pairs = pairs.filter(Q(first=actor) | Q(second=actor)).select_related("first", "second")
    merges = Merge.objects.visible_to(user).filter(kept=actor, undone_at__isnull=True)
    merges = merges.select_related("merged").defer("moved", "before")
    return {
        "actor": actor,
        "twins": [pair.second if pair.first_id == actor.pk else pair.first for pair in pairs],
        "merges": [merge for merge in merges if is_undoable(merge)],
    }
