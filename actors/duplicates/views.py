from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.directory.models import Actor, ActorQuerySet
from actors.duplicates import merging, services
from actors.duplicates.comparing import POINTS, PROPOSED_FROM
from actors.duplicates.forms import MergeForm, TwinForm
from actors.duplicates.models import Candidate, Merge
from actors.duplicates.showing import hanging_on, moved_by, reasons_of
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.common.templatetags.kern_form import error_summary
from zentrum.office.mandates import within_centres


class CandidateListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.merge_actor"
    template_name = "actors/duplicates/candidate_list.html"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Candidate]:
        pairs = Candidate.objects.open().visible_to(self.request.user).filter(TABS[self.tab])
        return pairs.select_related("first", "second").order_by("-score", "pk")

    @property
    def tab(self) -> str:
        return "name" if self.request.GET.get("tab") == "name" else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for candidate in context["object_list"]:
            candidate.lines = reasons_of(candidate.reasons)
        return context | {
            "views": _tabs(self.request.user, self.tab),
            "is_by_name": self.tab == "name",
            "points": POINTS,
            "proposed_from": PROPOSED_FROM,
        }


TABS = {"": Q(score__gte=PROPOSED_FROM), "name": Q(score__lt=PROPOSED_FROM)}


def _tabs(user: User, current: str) -> list[dict[str, Any]]:
    """Pairs that are probably the same, pairs of the same name, and what was merged."""
    pairs = Candidate.objects.open().visible_to(user).order_by()
    counts = pairs.aggregate(
        likely=Count("pk", filter=TABS[""]), by_name=Count("pk", filter=TABS["name"])
    )
    here = reverse("actors:candidate_list")
    rows = (
        ("", _("Probably the same"), here, counts["likely"]),
        ("name", _("Only the name"), f"{here}?tab=name", counts["by_name"]),
        ("merged", _("Merged"), reverse("actors:merge_list"), None),
    )
    return [
        {"label": label, "url": url, "is_current": name == current, "count": count}
        for name, label, url, count in rows
    ]


@permission_required("actors.merge_actor", raise_exception=True)
@require_POST
def candidate_reject(request: StaffRequest, pk: int) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    services.reject(candidate, by=request.user)
    messages.success(
        request,
        _("Remembered: “%(first)s” and “%(second)s” are not the same.")
        % {"first": candidate.first, "second": candidate.second},
    )
    return redirect("actors:candidate_list")


@permission_required("actors.merge_actor", raise_exception=True)
@require_POST
def candidate_find(request: StaffRequest) -> HttpResponse:
    services.search_now()
    messages.success(request, _("The search runs. Reload this page in a moment."))
    return redirect("actors:candidate_list")


@permission_required("actors.merge_actor", raise_exception=True)
def actor_twin(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(_mergeable(request.user), pk=pk)
    form = TwinForm(request.POST or None, actor=actor, user=request.user)
    if form.is_valid():
        return redirect("actors:actor_merge", actor.pk, form.cleaned_data["other"].pk)
    context = {"actor": actor, "form": form}
    return render(request, "actors/duplicates/actor_twin.html", context)


@permission_required("actors.merge_actor", raise_exception=True)
def actor_merge(request: StaffRequest, pk: int, merged_pk: int) -> HttpResponse:
    kept = get_object_or_404(_mergeable(request.user), pk=pk)
    merged = get_object_or_404(_mergeable(request.user), pk=merged_pk)
    form = MergeForm(request.POST or None, kept=kept, merged=merged)
    if form.is_valid():
        try:
            done = services.merge(
                kept,
                merged,
                by=request.user,
                values=form.values,
                main_address=form.main_address,
                versions=form.versions,
            )
        except ValidationError as refusal:
            form = _again(form, refusal)
        else:
            messages.success(request, _("Merged: all is now with “%(name)s”.") % {"name": kept})
            return redirect("actors:merge_detail", done.pk)
    context = {
        "kept": kept,
        "merged": merged,
        "form": form,
        "lines": error_summary(form),
        "hanging": hanging_on(merged),
    }
    return render(request, "actors/duplicates/actor_merge.html", context)


def _again(form: MergeForm, refusal: ValidationError) -> MergeForm:
    """The same choices, with the versions as they are now: who looked again may go on."""
    data = dict(form.data.items())
    for name in ("kept", "merged"):
        row = getattr(form, name)
        row.refresh_from_db()
        data[f"{name}_version"] = row.version
    again = MergeForm(data, kept=form.kept, merged=form.merged)
    again.is_valid()
    again.add_error(None, ValidationError(refusal.messages))
    return again


def _mergeable(user: User) -> ActorQuerySet:
    """Actors of the centres that the user leads, which were not merged before."""
    actors = Actor.objects.filter(within_centres(user, LEADING), merged_into__isnull=True)
    return actors.select_related("centre").prefetch_related(
        "emails", "phones", "addresses", "sectors"
    )


class MergeListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.merge_actor"
    template_name = "actors/duplicates/merge_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Merge]:
        merges = Merge.objects.visible_to(self.request.user).defer("moved", "before")
        return merges.select_related("kept", "merged", "by").order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        views = _tabs(self.request.user, "merged")
        return super().get_context_data(**kwargs) | {"views": views}


@permission_required("actors.merge_actor", raise_exception=True)
def merge_detail(request: StaffRequest, pk: int) -> HttpResponse:
    merges = Merge.objects.visible_to(request.user).select_related("kept", "merged", "by")
    merge = get_object_or_404(merges, pk=pk)
    context = {
        "merge": merge,
        "moved": moved_by(merge),
        "is_undoable": merging.is_undoable(merge),
        "undoable_until": merging.undoable_until(merge),
    }
    return render(request, "actors/duplicates/merge_detail.html", context)


@permission_required("actors.merge_actor", raise_exception=True)
@require_POST
def merge_undo(request: StaffRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    try:
        undone = services.undo(merge)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("actors:merge_detail", merge.pk)
    messages.success(request, _("The merge is undone: there are two actors again."))
    if undone.left:
        left = ", ".join(f"{count} {name}" for name, count in sorted(undone.left.items()))
        messages.warning(
            request,
            _("Not put back, because somebody changed it since: %(left)s.") % {"left": left},
        )
    return redirect("actors:merge_detail", merge.pk)
