"""The record of processing activities (Art. 30 GDPR), made from the retention rules."""

from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actors.privacy.models import RetentionRule
from zentrum.files.pdf import pdf
from zentrum.office.models import Carrier, Town

DataClass = RetentionRule.DataClass
Words = str | Promise
# Whose data a class holds, which data, and from when its time runs.
ABOUT: dict[str, tuple[Words, Words, Words]] = {
    DataClass.CONTACT: (
        gettext_lazy("Traders, owners, members of associations and bodies, experts"),
        gettext_lazy("Name, function, addresses, phone, relations, consents, notes of the office"),
        gettext_lazy("the last contact"),
    ),
    DataClass.CASE: (
        gettext_lazy("Everybody who turns to the office"),
        gettext_lazy("Name, e-mail address, phone, what was written, files"),
        gettext_lazy("the closing of the case"),
    ),
    DataClass.DRAFT: (
        gettext_lazy("Everybody who turns to the office"),
        gettext_lazy("Text of an answer that was not sent"),
        gettext_lazy("the last change"),
    ),
    DataClass.MAIL: (
        gettext_lazy("Recipients of mails of the office"),
        gettext_lazy("E-mail address, subject and text"),
        gettext_lazy("the sending"),
    ),
    DataClass.VISIT: (
        gettext_lazy("Actors that the office visits"),
        gettext_lazy("Day, who was there, what was said"),
        gettext_lazy("the visit"),
    ),
}


@dataclass(frozen=True)
class Activity:
    """One processing activity, as the rule of its class describes it."""

    rule: RetentionRule

    @property
    def title(self) -> str:
        return str(self.rule)

    @property
    def deadline(self) -> str:
        months = self.rule.months
        period = ngettext("%(months)s month after", "%(months)s months after", months)
        return f"{period % {'months': months}} {ABOUT[self.rule.data_class][2]}"

    @property
    def lines(self) -> list[tuple[str, str]]:
        people, data, _since = ABOUT[self.rule.data_class]
        return [
            (_("Purpose"), self.rule.purpose),
            (_("Legal basis"), self.rule.legal_basis),
            (_("Whose data"), str(people)),
            (_("Which data"), str(data)),
            (_("Recipients"), self.rule.recipients or _("none outside the office")),
            (_("Kept until"), self.deadline),
            (_("then"), self.rule.get_action_display()),
        ]


def activities() -> list[Activity]:
    return [Activity(rule) for rule in RetentionRule.objects.all()]


def controller() -> list[tuple[str, str]]:
    """Who answers for the processing, from the settings of the office."""
    town = Town.objects.first()
    carriers = ", ".join(Carrier.objects.values_list("name", flat=True))
    lines = [(_("Controller"), town.name if town else ""), (_("Who runs the office"), carriers)]
    if town:
        lines += [(_("E-mail address"), town.email), (_("Phone"), town.phone)]
    return [(name, value) for name, value in lines if value]


def measures() -> list[str]:
    """Technical and organisational measures that the portal itself takes (Art. 32 GDPR)."""
    return [
        _("Access only with a dated mandate, and a second factor for staff."),
        _("Every change of a row is kept with who made it; an erasure clears that history too."),
        _("Nothing is deleted without a person who confirms it."),
        _("No page asks a foreign server for anything."),
    ]


def as_pdf() -> bytes:
    day = formats.date_format(timezone.localdate(), "DATE_FORMAT")
    parts: list[dict[str, Any]] = [{"title": a.title, "lines": a.lines} for a in activities()]
    return pdf(
        "processing_record.typ",
        {
            "title": _("Record of processing activities"),
            "subtitle": _("Art. 30 GDPR, as of %(day)s") % {"day": day},
            "controller": controller(),
            "activities": parts,
            "measures_title": _("Technical and organisational measures"),
            "measures": measures(),
            "footer": day,
        },
    )
