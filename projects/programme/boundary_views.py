"""The boundary of a funding area: drawn on the map, or taken from a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from projects.programme import services
from projects.programme.programme_forms import DrawnBoundaryForm
from projects.programme.views import ask, may_change, programme_of
from zentrum.accounts.requests import StaffRequest


@may_change
def update_boundary(request: StaffRequest, pk: int) -> HttpResponse:
    programme = programme_of(request, pk)
    form = DrawnBoundaryForm(request.POST or None, request.FILES or None, centre=programme.centre)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_boundary(programme, form.cleaned_data["area"], by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The boundary is saved."))
            return redirect(programme)
    return ask(request, form, _("Boundary of the funding area"), programme=programme)
