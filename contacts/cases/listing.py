"""The list of cases: filter, search, order, and pages whose cost does not grow with history."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases.models import Case, CaseQuerySet
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.office.access import centres_of
from zentrum.office.choosing import offer_centres

PAGE_SIZE = 50
SHOWN = (
    *("reference", "subject", "state", "outcome", "reply_by", "waiting_until", "read_at"),
    *("escalation", "received_at", "channel", "sender_name", "owner__name", "owner__email"),
    *Actor.named_at("actor"),
)
LAST_PAGE = 200  # further down, a filter finds things faster than leafing
COUNTED = 10_000
COUNTED_IN_SEARCH = 1_000  # looking into the texts costs more than counting rows

TABS = {
    "open": _("Open"),
    "waiting": _("Waiting"),
    "closed": _("Closed"),
    "all": _("All"),
}
ORDERS = {"reply_by": ("reply_by", "pk"), "-reply_by": ("-reply_by", "-pk"), "id": ("pk",)}
NEWEST = ("-pk",)


class CaseFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Case.Kind.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Case.Channel.choices], required=False
    )
    centre = forms.TypedChoiceField(label=_("Centre"), coerce=int, empty_value=None, required=False)
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)
    escalated = forms.BooleanField(label=_("Only escalated"), required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        carriers = {mandate.carrier_id for mandate in user.current_mandates}
        staff = User.objects.filter(mandates__carrier__in=carriers, mandates__role__in=OFFICE)
        owner = cast("forms.ModelChoiceField", self.fields["owner"])
        owner.queryset = staff.distinct().order_by("name", "pk")
        offer_centres(self, list(centres_of(user)))

    def narrow(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases that fit; a value that makes no sense is shown as an error and left out."""
        self.is_valid()
        chosen = self.cleaned_data
        for name in ("owner", "kind", "channel", "centre"):
            if chosen.get(name):
                cases = cases.filter(**{name: chosen[name]})
        if chosen.get("overdue"):
            cases = cases.overdue(timezone.localdate())
        if chosen.get("escalated"):
            cases = cases.escalated()
        return cases.matching(chosen["q"]) if chosen.get("q") else cases


@dataclass
class Page:
    """A page without a total: it knows only whether another one follows."""

    number: int
    object_list: list[Any]
    has_more: bool

    def has_previous(self) -> bool:
        return self.number > 1

    def has_next(self) -> bool:
        return self.has_more and self.number < LAST_PAGE

    def previous_page_number(self) -> int:
        return self.number - 1

    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def is_last_shown(self) -> bool:
        return self.has_more and self.number >= LAST_PAGE


def page_number(parameters: QueryDict) -> int:
    """The page that the address names, the first one if that makes no sense."""
    text = parameters.get("page", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return min(max(number, 1), LAST_PAGE)


class CaseList:
    """What one visit of the list shows, from the address alone."""

    def __init__(self, parameters: QueryDict, user: User) -> None:
        self.form = CaseFilterForm(parameters, user=user)
        searching = any(parameters.get(name, "").strip() for name in ("q", "overdue", "escalated"))
        default = "all" if searching else "open"
        self.tab = parameters.get("tab") if parameters.get("tab") in TABS else default
        self.cases = self.form.narrow(self._in_tab(Case.objects.visible_to(user)))
        self.sort = self._sort(parameters.get("sort", ""))
        self.parameters = parameters

    def _in_tab(self, cases: CaseQuerySet) -> CaseQuerySet:
        if self.tab == "all":
            return cases
        return cases.filter(state=self.tab)

    @property
    def by_date(self) -> bool:
        """Promised dates order only what is not closed: there is an index for that, and a use."""
        return self.tab in ("open", "waiting")

    def _sort(self, wanted: str) -> str:
        allowed = set(ORDERS) | {"-id"} if self.by_date else {"id", "-id"}
        default = "reply_by" if self.by_date and not self.form.cleaned_data.get("q") else "-id"
        return wanted if wanted in allowed else default

    def page(self) -> Page:
        number = page_number(self.parameters)
        start = (number - 1) * PAGE_SIZE
        rows = self.cases.select_related("owner", "actor").only(*SHOWN)
        found = list(rows.order_by(*ORDERS.get(self.sort, NEWEST))[start : start + PAGE_SIZE + 1])
        return Page(number, found[:PAGE_SIZE], len(found) > PAGE_SIZE)

    @property
    def counted(self) -> int:
        return COUNTED_IN_SEARCH if self.form.cleaned_data.get("q") else COUNTED

    def count(self) -> int:
        """The number of rows, but never counting further than one row beyond `counted`."""
        return self.cases.order_by()[: self.counted + 1].count()

    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self._with(tab=key), "is_current": key == self.tab}
            for key, label in TABS.items()
        ]

    def _with(self, **changes: str) -> str:
        parameters = self.parameters.copy()
        parameters.pop("page", None)
        for name, value in changes.items():
            parameters[name] = value
        return "?" + parameters.urlencode()
