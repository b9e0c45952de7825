from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.directory.models import Actor
from actors.duplicates import previewing
from actors.exchange import refusing, services
from actors.exchange.forms import ImportForm, MappingForm, MendForm
from actors.exchange.models import ImportRow, ImportRun, SavedMapping, SourceRecord
from actors.exchange.opening import open_file
from actors.exchange.sectors import name_of
from actors.exchange.staging import COUNTED, progress_key
from zentrum.accounts.requests import StaffRequest
from zentrum.files import xlsx
from zentrum.files.responses import attachment

State = ImportRun.State
MOVING = (State.STAGING, State.RUNNING)
SAMPLES = 3
ROWS_PER_PAGE = 50
TABS = {
    "rejected": gettext_lazy("Refused"),
    "created": gettext_lazy("New"),
    "updated": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "missing": gettext_lazy("Missing in the file"),
}


class ImportListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.import_actor"
    template_name = "actors/exchange/import_list.html"
    paginate_by = 50

    def get_queryset(self):
        runs = ImportRun.objects.visible_to(self.request.user)
        return runs.select_related("centre", "started_by").order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lost = SourceRecord.objects.visible_to(self.request.user).possibly_closed()
        return super().get_context_data(**kwargs) | {"lost_count": lost.count()}


@permission_required("actors.import_actor", raise_exception=True)
def import_create(request: StaffRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = services.start_import(
                data["file"], source=data["source"], centre=data["centre"], user=request.user
            )
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect("actors:import_mapping", run.pk)
    return render(request, "actors/exchange/import_form.html", {"form": form})


@permission_required("actors.import_actor", raise_exception=True)
def import_mapping(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    if run.file is None or run.state not in (State.MAPPING, State.PREVIEW, State.FAILED):
        return redirect(run)
    with run.file.content.open("rb") as stream:
        table = open_file(stream)
        samples = [line.cells for _number, line in zip(range(SAMPLES), table.lines(), strict=False)]
    form = MappingForm(request.POST or None, run=run, heading=table.heading)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(run, mapping=form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(run)
    rows = [[cells.get(column, "") for column in table.heading] for cells in samples]
    context = {
        "run": run,
        "form": form,
        "heading": table.heading,
        "samples": rows,
        "notices": table.notices,
        "is_known": SavedMapping.objects.filter(source=run.source).exists(),
    }
    return render(request, "actors/exchange/import_mapping.html", context)


@permission_required("actors.import_actor", raise_exception=True)
def import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    context: dict[str, Any] = {"run": run, "is_moving": run.state in MOVING}
    if run.state in MOVING:
        return render(request, "actors/exchange/import_detail.html", context | _progress(run))
    if run.state in (State.PREVIEW, State.DONE):
        context |= _rows(request, run) | {"mend_form": MendForm()}
    return render(request, "actors/exchange/import_detail.html", context)


@permission_required("actors.import_actor", raise_exception=True)
def import_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part of the page; once the work is over it asks the page to load anew."""
    run = _run(request, pk)
    context = {"run": run, "is_moving": run.state in MOVING} | _progress(run)
    response = render(request, "actors/exchange/_import_progress.html", context)
    if run.state not in MOVING:
        response["HX-Refresh"] = "true"
    return response


@permission_required("actors.import_actor", raise_exception=True)
@require_POST
def import_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        services.confirm_import(run)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The import runs. You may leave this page."))
    return redirect(run)


@permission_required("actors.import_actor", raise_exception=True)
@require_POST
def import_resume(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    services.resume_import(run)
    messages.success(request, _("The import goes on where it stopped."))
    return redirect(run)


@permission_required("actors.import_actor", raise_exception=True)
def import_refused(request: StaffRequest, pk: int, ending: str) -> HttpResponseBase:
    """The refused rows to mend, as .xlsx or .csv."""
    run = _run(request, pk)
    stem = PurePosixPath(run.file_name).stem
    if ending == "xlsx":
        content, content_type = refusing.as_workbook(run), xlsx.TYPE
    else:
        content, content_type = refusing.as_text(run), "text/csv; charset=utf-8"
    name = _("%(file)s refused") % {"file": stem}
    return attachment(content, f"{name}.{ending}", content_type)


@permission_required("actors.import_actor", raise_exception=True)
@require_POST
def import_mend(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    form = MendForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            mending = services.mend_import(run, form.cleaned_data["file"], user=request.user)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect(mending)
    context = {"run": run, "is_moving": False, "mend_form": form} | _rows(request, run)
    return render(request, "actors/exchange/import_detail.html", context)


def _run(request: StaffRequest, pk: int) -> ImportRun:
    runs = ImportRun.objects.visible_to(request.user).select_related(
        "centre", "file", "started_by", "mends"
    )
    return get_object_or_404(runs, pk=pk)


def _add_hints(rows: Any, run: ImportRun) -> None:
    """Who stands in the directory already and may be the same; the whole page at once."""
    found = previewing.likely_for_all([_as_values(row) for row in rows], run.centre)
    actors = Actor.objects.in_bulk({pk for pks in found for pk in pks})
    for row, pks in zip(rows, found, strict=True):
        row.likely = [actors[pk] for pk in pks if pk in actors]


def _as_values(row: ImportRow) -> dict[str, Any]:
    further = {"emails": "email_2", "phones": "phone_2"}
    lists = {name: [row.values[v]] for name, v in further.items() if v in row.values}
    kind = "person" if row.values.get("given_name") else "organisation"
    return row.values | lists | {"kind": kind}


def _mended(run: ImportRun) -> QuerySet[ImportRow]:
    """Rows that a later file brought in order, for the refused ones with the same identifier."""
    rows = ImportRow.objects.filter(run__mends=run, applied_at__isnull=False)
    return rows.filter(external_id=OuterRef("external_id")).exclude(external_id="")


def _progress(run: ImportRun) -> dict[str, Any]:
    return {"rows_read": cache.get(progress_key(run)) or 0}


def _rows(request: StaffRequest, run: ImportRun) -> dict[str, Any]:
    """The counts as tabs, and one page of the rows behind the chosen one."""
    chosen = request.GET.get("rows", "")
    if chosen not in COUNTED:
        chosen = next((name for name in TABS if run.counts.get(name)), "created")
    rows = run.rows.filter(action=COUNTED[chosen]).select_related("actor").order_by("number", "pk")
    tabs = [
        {
            "label": label,
            "url": f"?rows={name}",
            "is_current": name == chosen,
            "count": run.counts.get(name, 0),
        }
        for name, label in TABS.items()
    ]
    rows = rows.annotate(is_mended=Exists(_mended(run))) if chosen == "rejected" else rows
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    if chosen == "created" and run.state == State.PREVIEW:
        _add_hints(page.object_list, run)
    return {
        "tabs": tabs,
        "chosen": chosen,
        "page_obj": page,
        "rows": page.object_list,
        "to_write": run.counts.get("created", 0) + run.counts.get("updated", 0),
        "is_refused": chosen == "rejected",
        "lacking": [(name_of(category), count) for category, count in run.lacking.items()],
        "is_missing": chosen == "missing",
    }
