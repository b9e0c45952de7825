from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.exchange import services
from actors.exchange.forms import ImportForm, MappingForm
from actors.exchange.models import ImportRun
from actors.exchange.reading import open_table
from actors.exchange.staging import COUNTED, progress_key
from zentrum.accounts.requests import StaffRequest

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
        table = open_table(stream)
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
    context = {"run": run, "form": form, "heading": table.heading, "samples": rows}
    return render(request, "actors/exchange/import_mapping.html", context)


@permission_required("actors.import_actor", raise_exception=True)
def import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    context: dict[str, Any] = {"run": run, "is_moving": run.state in MOVING}
    if run.state in MOVING:
        return render(request, "actors/exchange/import_detail.html", context | _progress(run))
    if run.state in (State.PREVIEW, State.DONE):
        context |= _rows(request, run)
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


def _run(request: StaffRequest, pk: int) -> ImportRun:
    runs = ImportRun.objects.visible_to(request.user).select_related("centre", "file", "started_by")
    return get_object_or_404(runs, pk=pk)


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
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "tabs": tabs,
        "chosen": chosen,
        "page_obj": page,
        "rows": page.object_list,
        "to_write": run.counts.get("created", 0) + run.counts.get("updated", 0),
        "is_refused": chosen == "rejected",
        "is_missing": chosen == "missing",
    }
