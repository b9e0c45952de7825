"""The settings page of the reply periods; the office's other settings are below, in its own app."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from contacts.cases.periods import LONGEST, ReplyPeriod
from zentrum.accounts.requests import StaffRequest
from zentrum.office.views import the_town

BY_LAW = (Case.Kind.BARRIER,)  # one month, see intake
KINDS = [(kind, label) for kind, label in Case.Kind.choices if kind not in BY_LAW]


class ReplyPeriodsForm(forms.Form):
    """One number for each kind; an empty field takes the town's own number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in KINDS:
            self.fields[kind] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=LONGEST,
                help_text=_("In working days"),
            )

    @transaction.atomic
    def save(self) -> None:
        """Write what differs, row by row, so that the history says who changed what."""
        for kind, _label in KINDS:
            if days := self.cleaned_data[kind]:
                ReplyPeriod.objects.update_or_create(kind=kind, defaults={"days": days})
            else:
                ReplyPeriod.objects.filter(kind=kind).delete()


@permission_required("office.change_office", raise_exception=True)
def reply_periods(request: StaffRequest) -> HttpResponse:
    town = the_town()
    if request.method == "POST":
        form = ReplyPeriodsForm(request.POST)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("contacts:reply_periods")
    else:
        form = ReplyPeriodsForm(initial=dict(ReplyPeriod.objects.values_list("kind", "days")))
    context = {"form": form, "town": town}
    return render(request, "contacts/cases/reply_periods.html", context)
