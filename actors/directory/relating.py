"""A relation in words, seen from either side."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from actors.directory.relations import Relation
from zentrum.accounts.models import User

Kind = Relation.Kind
WORDS_BACK: dict[str, str | Promise] = {
    Kind.WORKS_FOR: _("employs"),
    Kind.OWNS: _("belongs to"),
    Kind.TENANT_OF: _("lets to"),
    Kind.MEMBER_OF: _("has as a member"),
    Kind.REPRESENTS: _("is represented by"),
    Kind.MANAGES: _("is managed by"),
    Kind.COOPERATES: _("cooperates with"),
}
BACK = ":back"


def directed_kinds() -> list[tuple[str, str | Promise]]:
    """Choices for a form: each kind in both directions; one that reads the same both ways once."""
    choices: list[tuple[str, str | Promise]] = []
    for kind in Kind:
        choices.append((kind.value, kind.label))
        if kind != Kind.COOPERATES:
            choices.append((kind.value + BACK, WORDS_BACK[kind]))
    return choices


@dataclass(frozen=True)
class Side:
    """A relation as one of its two actors sees it."""

    relation: Relation
    words: str | Promise
    other: Actor
    is_current: bool
    is_future: bool = False


def sides_of(actor: Actor, user: User, on: date) -> list[Side]:
    """All relations of an actor whose other side the user may see, current ones first."""
    relations = Relation.objects.visible_to(user).filter(Q(actor=actor) | Q(other=actor))
    sides = [_side(relation, actor, on) for relation in relations.select_related("actor", "other")]
    return sorted(sides, key=lambda side: not side.is_current)


def _side(relation: Relation, actor: Actor, on: date) -> Side:
    begun = relation.starts_on is None or relation.starts_on <= on
    ended = relation.ends_on is not None and relation.ends_on < on
    forward = relation.actor_id == actor.pk
    return Side(
        relation=relation,
        words=relation.get_kind_display() if forward else WORDS_BACK[relation.kind],
        other=relation.other if forward else relation.actor,
        is_current=begun and not ended,
        is_future=not begun,
    )
