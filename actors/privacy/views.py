from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView, UpdateView

from actors.privacy import deciding, recording
from actors.privacy.forms import DecisionForm, RuleForm
from actors.privacy.models import (
    Consent,
    Disclosure,
    Erasure,
    RetentionProposal,
    RetentionRule,
)
from zentrum.accounts.requests import StaffRequest

MOST_ROWS = 10  # of each kind on the overview


@permission_required("actors.erase_actor", raise_exception=True)
def privacy_overview(request: StaffRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    consents = Consent.objects.visible_to(user)
    proposals = RetentionProposal.objects.visible_to(user).open()
    counts = consents.current(today).order_by().values("purpose").annotate(number=Count("pk"))
    labels = dict(Consent.Purpose.choices)
    withdrawn = consents.filter(withdrawn_on__isnull=False).select_related("actor")
    context = {
        "proposals": proposals.select_related("rule", "centre")[:5],
        "proposal_count": proposals.count(),
        "consent_counts": [(labels[row["purpose"]], row["number"]) for row in counts],
        "withdrawn": withdrawn.order_by("-withdrawn_on", "-pk")[:MOST_ROWS],
        "erasures": Erasure.objects.visible_to(user).select_related("by", "centre")[:MOST_ROWS],
        "disclosures": Disclosure.objects.visible_to(user).select_related("by", "actor")[
            :MOST_ROWS
        ],
        "rules": RetentionRule.objects.annotate(
            waiting=Count("proposals", filter=Q(proposals__in=proposals.order_by()))
        ).order_by("data_class"),
    }
    return render(request, "actors/privacy/privacy_overview.html", context)


class ProposalListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.erase_actor"
    template_name = "actors/privacy/proposal_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[RetentionProposal]:
        proposals = RetentionProposal.objects.visible_to(self.request.user).open()
        return proposals.select_related("rule", "centre")


@permission_required("actors.erase_actor", raise_exception=True)
@require_POST
def proposal_decide(request: StaffRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(RetentionProposal.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This decision was not understood."))
        return redirect("actors:proposal_list")
    data = form.cleaned_data
    try:
        if data["decision"] == "keep":
            deciding.keep(proposal, by=request.user, reason=data["reason"])
            messages.success(request, _("The row is kept."))
        else:
            deciding.carry_out(proposal, by=request.user, is_offered=data["is_offered"])
            messages.success(request, _("Done. The row names nobody any more."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("actors:proposal_list")


class RuleUpdateView(PermissionRequiredMixin, UpdateView):
    permission_required = "actors.erase_actor"
    model = RetentionRule
    form_class = RuleForm
    template_name = "actors/privacy/rule_form.html"
    success_url = reverse_lazy("actors:privacy_overview")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The rule is saved."))
        return super().form_valid(form)


@permission_required("actors.erase_actor", raise_exception=True)
def processing_record(request: StaffRequest) -> HttpResponse:
    context = {
        "activities": recording.activities(),
        "controller": recording.controller(),
        "measures": recording.measures(),
    }
    return render(request, "actors/privacy/processing_record.html", context)


@permission_required("actors.erase_actor", raise_exception=True)
def processing_record_pdf(request: StaffRequest) -> HttpResponse:
    return HttpResponse(
        recording.as_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="verarbeitungsverzeichnis.pdf"'},
    )
