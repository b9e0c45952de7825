"""Words that the office uses again: answer templates with placeholders, and the signature."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.cases.links import status_url
from contacts.cases.models import Case
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.common.models import TimeStampedModel
from zentrum.office.models import Carrier

if TYPE_CHECKING:
    from zentrum.accounts.models import User

PLACEHOLDER = re.compile(r"\{(\w+)\}")
LONGEST_TEMPLATE = 5000


def validate_placeholders(text: str) -> None:
    unknown = sorted(set(PLACEHOLDER.findall(text)) - FILLED.keys())
    if unknown:
        words = _("Unknown: %(unknown)s. Possible are: %(known)s.")
        known = ", ".join(f"{{{name}}}" for name in FILLED)
        shown = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(words, params={"unknown": shown, "known": known})


class WordingQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "WordingQuerySet":
        """Those of the carriers for whose office the user works: they may be used."""
        return self._of(user, OFFICE)

    def led_by(self, user: "User") -> "WordingQuerySet":
        """Those that the user may change: manager and deputy, their carriers'."""
        return self._of(user, LEADING)

    def _of(self, user: "User", roles: tuple[str, ...]) -> "WordingQuerySet":
        carriers = {m.carrier_id for m in user.current_mandates if m.role in roles}
        return self.filter(carrier__in=carriers)


class AnswerTemplate(TimeStampedModel):
    """A text that is used in many answers, with placeholders for what differs (Textbaustein)."""

    carrier = models.ForeignKey(
        Carrier,
        on_delete=models.PROTECT,
        related_name="answer_templates",
        verbose_name=gettext_lazy("carrier"),
    )
    name = models.CharField(gettext_lazy("Name"), max_length=80)
    text = models.TextField(
        gettext_lazy("Text"), max_length=LONGEST_TEMPLATE, validators=[validate_placeholders]
    )

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("answer template")
        verbose_name_plural = gettext_lazy("answer templates")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="answer_template_once",
                fields=["carrier", "name"],
                violation_error_message=gettext_lazy("There is already a template of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("contacts:template_update", args=[self.pk])


class Signature(TimeStampedModel):
    """What stands below every mail about a case of this carrier (Unterschrift)."""

    carrier = models.OneToOneField(
        Carrier,
        on_delete=models.PROTECT,
        related_name="signature",
        verbose_name=gettext_lazy("carrier"),
    )
    text = models.TextField(gettext_lazy("Signature"), max_length=1000)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("signature")
        verbose_name_plural = gettext_lazy("signatures")

    def __str__(self) -> str:
        return str(self.carrier)


def signature_of(carrier_id: int) -> str:
    """The carrier's signature; without one the office signs with its name and address."""
    return Signature.objects.filter(carrier=carrier_id).values_list("text", flat=True).first() or ""


def fill(text: str, case: Case, user: "User") -> str:
    """The text with what the placeholders stand for in this case, as this person would write it."""
    filled = PLACEHOLDER.sub(lambda found: _value(found.group(1), case, user), text)
    return re.sub(r" +(?=[,.!?\n]|$)", "", filled)  # where a name is missing


def _value(name: str, case: Case, user: "User") -> str:
    return FILLED[name](case, user) if name in FILLED else f"{{{name}}}"


def _hours(case: Case) -> str:
    return ", ".join(str(hours) for hours in case.centre.office_hours.all())


def _day(case: Case) -> str:
    return formats.date_format(case.reply_by, "j. F Y")


FILLED: dict[str, Callable[[Case, "User"], str]] = {
    "Name": lambda case, _user: case.sender_name,
    "Betreff": lambda case, _user: case.subject,
    "Vorgang": lambda case, _user: case.reference,
    "Code": lambda case, _user: case.code,
    "Zusage": lambda case, _user: _day(case),
    "Sprechzeiten": lambda case, _user: _hours(case),
    "Adresse": lambda case, _user: case.centre.address,
    "Telefon": lambda case, user: user.phone or case.centre.town.phone,
    "Statusseite": lambda case, _user: status_url(case),
    "Ich": lambda _case, user: user.name,
}
EXPLAINED = {
    "Name": gettext_lazy("name of the sender"),
    "Betreff": gettext_lazy("what the case is about"),
    "Vorgang": gettext_lazy("reference of the case"),
    "Code": gettext_lazy("code for the status page"),
    "Zusage": gettext_lazy("promised date"),
    "Sprechzeiten": gettext_lazy("office hours"),
    "Adresse": gettext_lazy("address of the office"),
    "Telefon": gettext_lazy("your phone number, else that of the office"),
    "Statusseite": gettext_lazy("link to the status page"),
    "Ich": gettext_lazy("your name"),
}
