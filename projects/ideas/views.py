from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from projects.ideas import history, services, sources
from projects.ideas.actions import next_steps
from projects.ideas.forms import IdeaCreateForm, IdeaFilterForm, IdeaForm
from projects.ideas.models import Idea
from projects.programme.desks import centres_to_choose
from projects.programme.listing import FilteredListView, ordering
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING

COMMENTS_SHOWN = 20
SORTS = {
    "reference": ("pk",),
    "title": ("title", "-pk"),
    "received_on": ("received_on", "pk"),
    "state": ("state", "-pk"),
}


class IdeaListView(PermissionRequiredMixin, FilteredListView):
    request: StaffRequest
    permission_required = "projects.view_idea"
    template_name = "projects/idea_list.html"
    paginate_by = 50

    def get_queryset(self):
        centres = centres_to_choose(self.request.user)
        self.filter_form = IdeaFilterForm(self.request.GET, centres=centres)
        ideas = Idea.objects.visible_to(self.request.user).select_related(
            "field_of_action", "centre"
        )
        ideas = self.filter_form.narrow(
            ideas.defer("text", "search_text", "likeness", "public_likeness"), self.request.user
        )
        return ideas.order_by(*ordering(self.request.GET.get("sort", ""), SORTS))


class IdeaDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "projects.view_idea"
    template_name = "projects/idea_detail.html"

    def get_queryset(self):
        ideas = Idea.objects.visible_to(self.request.user)
        return ideas.select_related(
            "centre", "carrier", "field_of_action", "merged_into", "parked_by"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, idea = self.request.user, self.object
        is_inside = idea.is_inside(user)
        origin = sources.of(idea, user) if is_inside else None
        context = {
            "projects": idea.projects.visible_to(user).order_by("pk"),
            "goals": idea.goals.order_by("programme_id", "position", "pk"),
            "history": history.of(idea, origin.joined if origin else ()),
            "is_inside": is_inside,
            "sources": origin,
        }
        if is_inside:
            context["followers"] = list(idea.followers.order_by("-is_author", "pk"))
            context["comments"] = idea.comments.order_by("-pk")[:COMMENTS_SHOWN]
            context["voices"] = idea.supporters.confirmed().order_by("-confirmed_at", "-pk")
            context["is_leading"] = idea.is_inside(user, LEADING)
            context["steps"] = next_steps(idea)
            context["merged_ideas"] = idea.merged_ideas.visible_to(user).order_by("pk")
        return super().get_context_data(**context, **kwargs)


@permission_required("projects.change_idea", raise_exception=True)
def create_idea(request: StaffRequest) -> HttpResponse:
    form = IdeaCreateForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            idea = services.enter_idea(by=request.user, **form.changes())
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "twin" and refusal.params:
                return redirect("projects:idea_detail", refusal.params["pk"])
            form.refuse(refusal)
        else:
            messages.success(request, _("The idea %(reference)s is saved.") % vars(idea))
            return redirect(idea)
    return render(request, "projects/idea_form.html", {"form": form})


@permission_required("projects.change_idea", raise_exception=True)
def update_idea(request: StaffRequest, pk: int) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    form = IdeaForm(request.POST or None, instance=idea)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.edit_idea(idea, by=request.user, version=version, **form.changes())
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(Idea.objects.get(pk=pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(idea)
    # A ModelForm writes what was typed into its instance: the page shows the saved row.
    saved = Idea.objects.only("pk", "reference", "title").get(pk=pk)
    return render(request, "projects/idea_form.html", {"form": form, "idea": saved})
