from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import searchable
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class FieldOfExpertise(models.Model):
    """Something that somebody can help with, such as monument law or lighting (Fachgebiet)."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    search_text = models.GeneratedField(
        expression=searchable("name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("field of expertise")
        verbose_name_plural = _("fields of expertise")
        ordering = ["search_text", "pk"]
        indexes = [trigram_index("search_text", "field_of_expertise_search")]

    def __str__(self) -> str:
        return self.name


class ExpertiseQuerySet(models.QuerySet["Expertise"]):
    def visible_to(self, user: "User") -> "ExpertiseQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))


@keep_history(exclude=("search_text",))
class Expertise(TimeStampedModel):
    """An actor can help with something; who said so, and when it was last used (Fachwissen)."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="expertise")
    field = models.ForeignKey(
        FieldOfExpertise,
        on_delete=models.PROTECT,
        related_name="expertise",
        verbose_name=_("field of expertise"),
    )
    note = models.CharField(_("What exactly?"), max_length=300, blank=True)
    source = models.CharField(
        _("Source"),
        max_length=200,
        blank=True,
        help_text=_("Who recommends it, or where it was seen."),
    )
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)
    search_text = models.GeneratedField(
        expression=searchable("note"), output_field=models.TextField(), db_persist=True
    )

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        ordering = ["field__search_text", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="expertise_once_per_actor",
                fields=["actor", "field"],
                violation_error_message=_("This field of expertise is already there."),
            )
        ]
        indexes = [trigram_index("search_text", "expertise_search")]
