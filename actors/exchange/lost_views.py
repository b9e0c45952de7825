from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.exchange import services
from actors.exchange.models import SourceRecord, SourceRecordQuerySet
from actors.exchange.sending import attachment
from zentrum.accounts.requests import StaffRequest
from zentrum.files import xlsx


def _lost(request: StaffRequest) -> SourceRecordQuerySet:
    """By town, street and number, as one walks."""
    records = SourceRecord.objects.visible_to(request.user).possibly_closed()
    records = records.select_related("actor").prefetch_related("actor__addresses", "actor__phones")
    return records.order_by("values__street", "actor__sort_text", "pk")


class LostListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.import_actor"
    template_name = "actors/exchange/lost_list.html"
    paginate_by = 50

    def get_queryset(self) -> SourceRecordQuerySet:
        return _lost(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"count": context["paginator"].count}


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
