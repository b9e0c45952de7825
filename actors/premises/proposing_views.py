from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actors.premises import proposing
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

MOST_SHOWN = 50


class CentreForm(forms.Form):
    centre = forms.ModelChoiceField(Centre.objects.none(), label=_("Centre"))


@permission_required(["actors.change_unit", "actors.import_actor"], raise_exception=True)
def units_propose(request: StaffRequest) -> HttpResponse:
    """Look at the premises that the directory tells of, then take them over."""
    centres = centres_of(request.user, LEADING)
    form = CentreForm(request.POST if request.method == "POST" else request.GET or None)
    field: Any = form.fields["centre"]
    field.queryset = centres
    centre = form.cleaned_data["centre"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and centre:
        number = len(proposing.units_from_actors(centre).units)
        text = ngettext("%(number)s unit was added.", "%(number)s units were added.", number)
        messages.success(request, text % {"number": number})
        return redirect("actors:unit_list")
    centre = centre or (None if form.is_bound else centres.first())
    if not form.is_bound:
        form.initial["centre"] = centre
    proposal = proposing.propose(centre, timezone.localdate()) if centre else None
    context = {
        "form": form,
        "centre": centre,
        "proposal": proposal,
        "shown": proposal.units[:MOST_SHOWN] if proposal else [],
        "undecided": proposal.undecided[:MOST_SHOWN] if proposal else [],
    }
    return render(request, "actors/premises/units_propose.html", context)
