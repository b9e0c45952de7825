from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.periods import lasting
from zentrum.common.text import searchable
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class RelationQuerySet(models.QuerySet["Relation"]):
    def visible_to(self, user: "User") -> "RelationQuerySet":
        """Relations of which the user may see both sides."""
        return self.filter(
            within_centres(user, OFFICE, prefix="actor__"),
            within_centres(user, OFFICE, prefix="other__"),
        )

    def current(self, on: date) -> "RelationQuerySet":
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on), lasting(on))


@keep_history(exclude=("search_text",))
class Relation(TimeStampedModel):
    """A dated relation of one actor to another, read from left to right (Beziehung).

    "Current" is computed from the dates, never stored.
    """

    class Kind(models.TextChoices):
        WORKS_FOR = "works_for", _("works for")
        OWNS = "owns", _("owns")
        TENANT_OF = "tenant_of", _("is a tenant of")
        MEMBER_OF = "member_of", _("is a member of")
        REPRESENTS = "represents", _("represents")
        MANAGES = "manages", _("manages")
        COOPERATES = "cooperates", _("cooperates with")

    actor = models.ForeignKey(
        Actor, on_delete=models.CASCADE, related_name="relations", verbose_name=_("actor")
    )
    kind = models.CharField(_("Kind"), max_length=15, choices=Kind.choices)
    other = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="relations_back",
        verbose_name=_("other actor"),
    )
    function = models.CharField(_("Function"), max_length=100, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    search_text = models.GeneratedField(
        expression=searchable("function"), output_field=models.TextField(), db_persist=True
    )

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="relation_ends_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                name="relation_to_another",
                condition=~Q(actor=F("other")),
                violation_error_message=_("An actor cannot be related to itself."),
            ),
            models.UniqueConstraint(
                name="relation_once",
                fields=["actor", "kind", "other", "function", "starts_on"],
                nulls_distinct=False,
                violation_error_message=_("This relation is already there."),
            ),
        ]
        indexes = [trigram_index("search_text", "relation_search")]

    def __str__(self) -> str:
        return f"{self.actor} {self.get_kind_display()} {self.other}"
