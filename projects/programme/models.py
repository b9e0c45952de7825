from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldOfAction(models.Model):
    """A field of action of the programme (Handlungsfeld).

    Shipped with the six goal areas of the federal programme "Lebendige Zentren"; a town may use
    its own.
    """

    name = models.CharField(_("Name"), max_length=150, unique=True)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        verbose_name = _("field of action")
        verbose_name_plural = _("fields of action")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
