import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.premises import requesting
from actors.premises.forms import SettleForm, SpaceRequestForm
from actors.premises.matching import matches_of
from actors.premises.requests import SpaceRequest, SpaceRequestQuerySet
from zentrum.accounts.requests import StaffRequest
from zentrum.common.text import normalise

STATES = [
    ("", gettext_lazy("open")),
    ("settled", gettext_lazy("settled")),
    ("all", gettext_lazy("all")),
]


class SpaceRequestFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Who?"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)

    def __init__(self, data: QueryDict):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows: SpaceRequestQuerySet) -> SpaceRequestQuerySet:
        state, words = (self.cleaned_data.get(name, "") for name in ("state", "q"))
        if state != "all":
            rows = rows.filter(closed_on__isnull=state != "settled")
        for word in normalise(words).split()[:8]:
            rows = rows.filter(actor__search_text__contains=word)
        return rows


class SpaceRequestListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.view_unit"
    template_name = "actors/premises/space_request_list.html"
    paginate_by = 50

    def get_queryset(self) -> SpaceRequestQuerySet:
        self.filter = SpaceRequestFilter(self.request.GET)
        rows = self.filter.narrow(SpaceRequest.objects.visible_to(self.request.user))
        return rows.select_related("actor", "sector", "centre").order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"filter": self.filter, "count": context["paginator"].count}


def _get(request: StaffRequest, pk: int) -> SpaceRequest:
    rows = SpaceRequest.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("actor", "sector", "centre"), pk=pk)


@permission_required("actors.view_unit", raise_exception=True)
def space_request_detail(request: StaffRequest, pk: int) -> HttpResponse:
    row = _get(request, pk)
    matches = [] if row.closed_on else matches_of(row, timezone.localdate())
    context = {"row": row, "matches": matches, "settle_form": SettleForm()}
    return render(request, "actors/premises/space_request_detail.html", context)


@permission_required("actors.change_unit", raise_exception=True)
def space_request_create(request: StaffRequest) -> HttpResponse:
    form = SpaceRequestForm(
        request.POST or None, user=request.user, initial={"submission": uuid.uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        form.instance.submission = form.cleaned_data["submission"]
        row = requesting.create_request(form.instance)
        messages.success(request, _("The space request is saved."))
        return redirect(row)
    return _form_page(request, form, None)


@permission_required("actors.change_unit", raise_exception=True)
def space_request_update(request: StaffRequest, pk: int) -> HttpResponse:
    row = _get(request, pk)
    initial = {"version": row.version}
    form = SpaceRequestForm(request.POST or None, instance=row, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            requesting.update_request(form.instance, version=form.cleaned_data["version"])
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(request, _("The space request is saved."))
            return redirect(row)
    return _form_page(request, form, _get(request, pk))


def _form_page(
    request: StaffRequest, form: SpaceRequestForm, row: SpaceRequest | None
) -> HttpResponse:
    context = {"form": form, "row": row}
    return render(request, "actors/premises/space_request_form.html", context)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def space_request_settle(request: StaffRequest, pk: int) -> HttpResponse:
    row = _get(request, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["result"].as_text())
        return redirect(row)
    requesting.settle_request(row, result=form.cleaned_data["result"])
    messages.success(request, _("The space request is settled."))
    return redirect(row)


@permission_required("actors.change_unit", raise_exception=True)
@require_POST
def space_request_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    row = _get(request, pk)
    requesting.reopen_request(row)
    messages.success(request, _("The space request is open again."))
    return redirect(row)
