"""One Auskunft: how far it is, what it holds, the file."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from actors.privacy import services
from actors.privacy.models import Disclosure
from actors.privacy.packing import flagged_texts
from actors.privacy.planning import MOST_SHOWN
from actors.privacy.preparing import KEPT_FOR
from actors.privacy.wording import in_reading_order, title_of
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download

may = permission_required("actors.erase_actor", raise_exception=True)


def _disclosure(request: StaffRequest, pk: int) -> Disclosure:
    rows = Disclosure.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("actor", "by", "handed_out_by", "file"), pk=pk)


@never_cache
@may
def disclosure_detail(request: StaffRequest, pk: int) -> HttpResponse:
    row = _disclosure(request, pk)
    flagged = flagged_texts(row.file) if row.file and row.flagged else []
    context = {
        "disclosure": row,
        "counts": [(title_of(key), row.counts[key]) for key in in_reading_order(row.counts)],
        "flagged": flagged[:MOST_SHOWN],
        "more": max(0, len(flagged) - MOST_SHOWN),
        "kept_until": timezone.localdate(row.finished_at) + KEPT_FOR if row.finished_at else None,
    }
    return render(request, "actors/privacy/disclosure_detail.html", context)


@never_cache
@may
def disclosure_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part of the page; once the work is over it asks the page to load anew."""
    row = _disclosure(request, pk)
    response = render(request, "actors/privacy/_disclosure_progress.html", {"disclosure": row})
    if row.state != Disclosure.State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@never_cache
@may
@require_POST
def disclosure_download(request: StaffRequest, pk: int) -> HttpResponseBase:
    row = _disclosure(request, pk)
    if row.file is None:
        raise Http404
    services.note_handed_out(row, by=request.user)
    return download(row.file)
