"""The list of all that other offices were asked: open, overdue, answered."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.cases.listing import PAGE_SIZE, Page, page_number
from contacts.consultations.models import Consultation, ConsultationQuerySet
from zentrum.accounts.models import User

TABS = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "settled": _("Answered"),
    "all": _("All"),
}
HEAVY = ("draft", "search_text", "case__search_text")


class ConsultationFilterForm(forms.Form):
    q = forms.CharField(label=_("Office or subject"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Consultation.Kind.choices], required=False
    )

    def narrow(self, rows: ConsultationQuerySet) -> ConsultationQuerySet:
        """A value that makes no sense is shown as an error and left out."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        words = self.cleaned_data.get("q")
        return rows.matching(words) if words else rows


class ConsultationList:
    """What one visit of the list shows, from the address alone."""

    def __init__(self, parameters: QueryDict, user: User) -> None:
        self.parameters = parameters
        self.form = ConsultationFilterForm(parameters)
        default = "all" if parameters.get("q", "").strip() else "open"
        self.tab = parameters.get("tab") if parameters.get("tab") in TABS else default
        self.rows = self.form.narrow(self._in_tab(Consultation.objects.visible_to(user)))

    def _in_tab(self, rows: ConsultationQuerySet) -> ConsultationQuerySet:
        match self.tab:
            case "open":
                return rows.open()
            case "overdue":
                return rows.overdue(timezone.localdate())
            case "settled":
                return rows.exclude(state=Consultation.State.ASKED)
        return rows

    @property
    def is_awaited(self) -> bool:
        return self.tab in ("open", "overdue")

    def page(self) -> Page:
        """What is awaited by its day, the rest with the newest first."""
        number = page_number(self.parameters)
        start = (number - 1) * PAGE_SIZE
        ordered = self.rows.order_by(*(("due_on", "pk") if self.is_awaited else ("-pk",)))
        rows = ordered.select_related("case", "asked_by").defer(*HEAVY)
        found = list(rows[start : start + PAGE_SIZE + 1])
        return Page(number, found[:PAGE_SIZE], len(found) > PAGE_SIZE)

    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self._in(key), "is_current": key == self.tab}
            for key, label in TABS.items()
        ]

    def _in(self, tab: str) -> str:
        parameters = self.parameters.copy()
        parameters.pop("page", None)
        parameters["tab"] = tab
        return "?" + parameters.urlencode()
