"""The desk's cases behind an idea or a project, with what their senders wrote.

They lie above this app: reached by the reverse relation, never imported.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Model, OuterRef, Subquery
from django.db.models.functions import Left

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOST = 20
READ = 5000  # characters of what somebody wrote; all of it stands in the case


@dataclass(frozen=True)
class Sources:
    """The newest cases, each with `said` and, when its sender joined, `joined_at`."""

    cases: list[Any]
    has_more: bool

    @property
    def joined(self) -> list[Any]:
        return [case for case in self.cases if case.joined_at]


def exist(model: type[Model]) -> Exists:
    """Whether an idea or a project has such cases, for its own query: few projects have any."""
    link: Any = model._meta.get_field("cases")
    cases = link.related_model._base_manager.filter(**{link.field.name: OuterRef("pk")})
    return Exists(cases)


def of(row: Any, user: "User") -> Sources:
    """Those cases of an idea or a project that the user may see. One query."""
    cases = row.cases.visible_to(user)
    message = cases.model._meta.get_field("messages").related_model
    messages = message._base_manager.filter(case=OuterRef("pk")).order_by("pk")
    said = messages.filter(kind="incoming").values(begun=Left("text", READ))[:1]
    joined = messages.filter(event="joined").values("created_at")[:1]
    shown = cases.annotate(said=Subquery(said), joined_at=Subquery(joined))
    columns = ("reference", "subject", row.cases.field.name)  # the key is looked at for each case
    found = list(shown.only(*columns).order_by("-pk")[: MOST + 1])
    return Sources(found[:MOST], has_more=len(found) > MOST)
