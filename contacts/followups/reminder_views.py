"""Reminders: what will be sent, was sent, was skipped and why; on one page."""

from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from contacts.followups import heartbeat, matters
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder, ReminderQuerySet
from contacts.followups.previewing import previews
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import OFFICE
from zentrum.common.forms import DateInput

PAGE_SIZE = 50
TABS = {
    "contacts:reminder_list": _("Sent and waiting"),
    "contacts:reminder_preview": _("What comes next"),
}
STATES = [
    ("", _("All")),
    ("upcoming", _("will be sent")),
    ("sent", _("sent")),
    ("skipped", _("skipped")),
    ("failed", _("could not be delivered")),
]


class ReminderFilterForm(forms.Form):
    """A value that makes no sense is shown as an error and left out."""

    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Reminder.Kind.choices], required=False
    )
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("All")
    )
    day = forms.DateField(label=_("Day"), widget=DateInput, required=False)
    case = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        carriers = {mandate.carrier_id for mandate in user.current_mandates}
        staff = User.objects.filter(mandates__carrier__in=carriers, mandates__role__in=OFFICE)
        person = cast("forms.ModelChoiceField", self.fields["person"])
        person.queryset = staff.distinct().order_by("name", "pk")

    def narrow(self, rows: ReminderQuerySet) -> ReminderQuerySet:
        self.is_valid()
        chosen: dict[str, Any] = self.cleaned_data
        if chosen.get("state"):
            rows = rows.in_state(chosen["state"])
        if chosen.get("person"):
            rows = rows.of_person(chosen["person"])
        exact = {"kind": "kind", "day": "occurs_on", "case": "case"}
        found = {column: chosen[name] for name, column in exact.items() if chosen.get(name)}
        return rows.filter(**found)


@permission_required("contacts.view_reminder", raise_exception=True)
@never_cache
def reminder_list(request: StaffRequest) -> HttpResponse:
    """The newest first, page by page from the last row seen: history does not make it slower."""
    form = ReminderFilterForm(request.GET, user=request.user)
    rows = form.narrow(Reminder.objects.visible_to(request.user))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    related = ("owner", "recipient", "mail", *matters.RELATED)
    heavy = ("mail__text", "mail__html", *matters.HEAVY)
    found = list(rows.select_related(*related).defer(*heavy).order_by("-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    context = {
        "form": form,
        "rows": [(row, _matter(row)) for row in shown],
        "older": _older(request, shown[-1].pk) if len(found) > PAGE_SIZE else "",
        "ran_at": heartbeat.last_tick(),
        "tabs": _tabs("contacts:reminder_list"),
    }
    return render(request, "contacts/followups/reminder_list.html", context)


@permission_required("contacts.view_reminder", raise_exception=True)
@never_cache
def reminder_preview(request: StaffRequest) -> HttpResponse:
    desks = previews(request.user, timezone.now())
    context = {"desks": desks, "tabs": _tabs("contacts:reminder_preview")}
    return render(request, "contacts/followups/reminder_preview.html", context)


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name), "is_current": name == current}
        for name, label in TABS.items()
    ]


def _matter(reminder: Reminder) -> Matter | None:
    return matters.matter_of(reminder) if reminder.is_about_something else None


def _older(request: StaffRequest, pk: int) -> str:
    parameters = request.GET.copy()
    parameters["before"] = str(pk)
    return "?" + parameters.urlencode()
