from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel
from zentrum.office.mandates import within_centres

if TYPE_CHECKING:
    from zentrum.accounts.models import User


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def visible_to(self, user: "User") -> "IntroductionQuerySet":
        """Introductions of which the user may see both actors."""
        return self.filter(
            within_centres(user, OFFICE, prefix="first__"),
            within_centres(user, OFFICE, prefix="second__"),
        )


class Introduction(TimeStampedModel):
    """The office brought two actors together, with the mail that both got (Bekanntmachung)."""

    first = models.ForeignKey(
        Actor,
        on_delete=models.CASCADE,
        related_name="introductions",
        verbose_name=_("first actor"),
    )
    second = models.ForeignKey(
        Actor,
        on_delete=models.CASCADE,
        related_name="introductions_back",
        verbose_name=_("second actor"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("Text"))
    submission = models.UUIDField(unique=True, editable=False)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="introduction_of_two",
                condition=~Q(first=F("second")),
                violation_error_message=_("An introduction needs two different actors."),
            )
        ]
