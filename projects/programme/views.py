from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from projects.programme import services
from projects.programme.indicators import Indicator
from projects.programme.programme_forms import ProgrammeForm
from projects.programme.programmes import Programme
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.common.saving import save_once
from zentrum.files.responses import download
from zentrum.office.access import centres_of
from zentrum.office.boundaries import hectares

may_view = permission_required("projects.view_programme", raise_exception=True)
may_change = permission_required("projects.change_programme", raise_exception=True)


def programme_of(request: StaffRequest, pk: int) -> Programme:
    """The programme with this key, if the person may change it."""
    programmes = Programme.objects.led_by(request.user).select_related("centre")
    return get_object_or_404(programmes, pk=pk)


class ProgrammeListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "projects.view_programme"
    template_name = "projects/programme/programme_list.html"
    paginate_by = 50

    def get_queryset(self):
        programmes = Programme.objects.visible_to(self.request.user).select_related("centre")
        counted = programmes.annotate(goal_count=Count("goals"))
        return counted.order_by("-starts_on", "name", "pk").defer("centre__area")


class ProgrammeDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "projects.view_programme"
    template_name = "projects/programme/programme_detail.html"

    def get_queryset(self):
        programmes = Programme.objects.visible_to(self.request.user)
        return programmes.select_related("centre", "document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        area = self.object.centre.area
        indicators = Indicator.objects.with_latest().order_by("name", "pk")
        goals = self.object.goals.select_related("field_of_action")
        context = {
            "goals": list(goals.prefetch_related(Prefetch("indicators", indicators))),
            "is_leading": self.object.is_led_by(self.request.user),
            "hectares": hectares(area) if area else None,
            "centre_key": str(self.object.centre_id),
        }
        return super().get_context_data(**context, **kwargs)


@may_view
def programme_document(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The resolution as it was uploaded."""
    programmes = Programme.objects.visible_to(request.user).select_related("document")
    programme = get_object_or_404(programmes, pk=pk)
    if programme.document is None:
        raise Http404(_("This programme has no document."))
    return download(programme.document)


@may_change
def create_programme(request: StaffRequest) -> HttpResponse:
    centres, programme = list(centres_of(request.user, LEADING)), Programme()
    form = ProgrammeForm(
        request.POST or None, request.FILES or None, instance=programme, centres=centres
    )
    if request.method == "POST" and form.is_valid() and _creates(request, form, programme):
        messages.success(request, _("The programme is saved. Now name its goals."))
        return redirect(programme)
    return ask(request, form, _("New programme"))


def _creates(request: StaffRequest, form: ProgrammeForm, programme: Programme) -> bool:
    def save() -> None:
        services.save_programme(programme, by=request.user, **form.changes())

    return save_once(form, programme, save)


@may_change
def update_programme(request: StaffRequest, pk: int) -> HttpResponse:
    programme = programme_of(request, pk)
    form = ProgrammeForm(
        request.POST or None,
        request.FILES or None,
        instance=programme_of(request, pk),
        centres=[programme.centre],
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.save_programme(programme, by=request.user, version=version, **form.changes())
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(Programme.objects.get(pk=pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(programme)
    return ask(request, form, _("Edit the programme"), programme=programme)


def ask(request: StaffRequest, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, **more}
    return render(request, "projects/programme/programme_form.html", context)
