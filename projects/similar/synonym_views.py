"""The page on which manager and deputy keep the words that mean the same."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from projects.similar import services
from projects.similar.forms import SynonymForm
from projects.similar.models import SynonymGroup
from zentrum.accounts.requests import StaffRequest

PERMISSION = "projects.change_synonymgroup"


class SynonymListView(PermissionRequiredMixin, ListView):
    permission_required = PERMISSION
    template_name = "projects/similar/synonym_list.html"
    queryset = SynonymGroup.objects.prefetch_related("synonyms").order_by("-updated_at", "-pk")
    paginate_by = 50


@permission_required(PERMISSION, raise_exception=True)
def create_synonyms(request: StaffRequest) -> HttpResponse:
    return _edit(request, SynonymGroup())


@permission_required(PERMISSION, raise_exception=True)
def update_synonyms(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(SynonymGroup, pk=pk))


def _edit(request: StaffRequest, group: SynonymGroup) -> HttpResponse:
    form = SynonymForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            words, version = form.cleaned_data["words"], form.cleaned_data["version"]
            services.keep_words(group, words.split("\n"), by=request.user, version=version)
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(group)
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:synonym_list")
    return render(request, "projects/similar/synonym_form.html", {"form": form, "group": group})


@permission_required(PERMISSION, raise_exception=True)
@require_POST
def remove_synonyms(request: StaffRequest, pk: int) -> HttpResponse:
    services.remove_words(get_object_or_404(SynonymGroup, pk=pk), by=request.user)
    messages.success(request, _("The words are removed from the list."))
    return redirect("projects:synonym_list")
