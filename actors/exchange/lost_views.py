from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.care.radar_views import ticked_ids
from actors.exchange import services, visiting
from actors.exchange.forms import LostRoundForm
from actors.exchange.models import SourceRecord, SourceRecordQuerySet
from zentrum.accounts.requests import StaffRequest
from zentrum.files import xlsx
from zentrum.files.responses import attachment


def _lost(request: StaffRequest) -> SourceRecordQuerySet:
    """By town, street and number, as one walks."""
    records = SourceRecord.objects.visible_to(request.user).possibly_closed()
    records = records.select_related("actor__centre")
    records = records.prefetch_related("actor__addresses", "actor__phones")
    return records.order_by("values__street", "actor__sort_text", "pk")


class LostListView(PermissionRequiredMixin, ListView):
    """The list; a form sent to it puts the ticked ones, or all, into a round."""

    request: StaffRequest
    permission_required = ("actors.import_actor", "actors.visit_actor")
    template_name = "actors/exchange/lost_list.html"
    paginate_by = 50

    @cached_property
    def form(self) -> LostRoundForm:
        return LostRoundForm(self.request.POST or None, user=self.request.user)

    def get_queryset(self) -> SourceRecordQuerySet:
        visits = visiting.coming_visits(self.request.user, timezone.localdate())
        coming = visits.select_related("round__user").order_by("round__on", "pk")
        return _lost(self.request).prefetch_related(
            Prefetch("actor__visits", queryset=coming, to_attr="coming")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        ticked = self.request.POST.getlist("records")
        return context | {"count": context["paginator"].count, "form": self.form, "ticked": ticked}

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.form.is_valid():
            given = self.form.cleaned_data
            try:
                row = visiting.plan_visits(self._chosen(), user=given["user"], on=given["on"])
            except ValidationError as refusal:
                self.form.add_error(None, refusal)
            else:
                messages.success(request, _("The round is in walking order."))
                return redirect(row)
        return self.get(request, *args, **kwargs)

    def _chosen(self) -> SourceRecordQuerySet:
        """The ticked ones; or all, without those that stand in another coming round already."""
        records = _lost(self.request)
        if "all" not in self.request.POST:
            return records.filter(pk__in=ticked_ids(self.request, "records"))
        given = self.form.cleaned_data
        planned = visiting.coming_visits(self.request.user, timezone.localdate())
        elsewhere = planned.exclude(round__user=given["user"], round__on=given["on"])
        return records.exclude(actor__in=elsewhere.values("actor"))


@permission_required("actors.import_actor", raise_exception=True)
def lost_workbook(request: StaffRequest) -> HttpResponseBase:
    """The list to take along, with an empty column for what was found."""
    headings = (_("Actor"), _("Address"), _("Phone"), _("Source"), _("missing since"), _("Found"))
    rows = (
        (
            *(record.actor, next(iter(record.actor.addresses.all()), "")),
            *(next(iter(record.actor.phones.all()), ""), record.source, record.missing_since, ""),
        )
        for record in _lost(request)
    )
    name = f"{_('Possibly closed')}.xlsx"
    return attachment(xlsx.workbook(_("Possibly closed"), headings, rows), name, xlsx.TYPE)


@permission_required("actors.import_actor", raise_exception=True)
@require_POST
def lost_still_there(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(_lost(request), pk=pk)
    services.note_still_there(record)
    messages.success(request, _("Noted: “%(name)s” is still there.") % {"name": record.actor})
    return redirect("actors:lost_list")
