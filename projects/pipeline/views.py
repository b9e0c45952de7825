from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView

from actors.directory.models import Actor
from projects.ideas import sources
from projects.ideas.models import Idea
from projects.pipeline import board, history, noting, planning, services, timeline
from projects.pipeline.forms import ProjectCreateForm, ProjectFilterForm, ProjectForm
from projects.pipeline.milestones import with_next_milestone
from projects.pipeline.models import Project
from projects.programme.desks import centres_to_choose
from projects.programme.listing import FilteredListView, ordering
from projects.programme.versions import position_of
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING

if TYPE_CHECKING:
    from projects.pipeline.models import ProjectQuerySet
    from zentrum.accounts.models import User

SORTS = {
    "reference": ("pk",),
    "title": ("title", "-pk"),
    "phase": ("phase_order", "-pk"),
    "light": ("light_order", "-pk"),
    "next_milestone": ("next_milestone_on", "pk"),
}
PHASES = Case(*(When(phase=phase, then=Value(n)) for n, phase in enumerate(Project.Phase.values)))
LIGHTS = Case(*(When(light=light, then=Value(n)) for n, light in enumerate(Project.Light.values)))
NOTES_SHOWN = 20


class ProjectListView(PermissionRequiredMixin, FilteredListView):
    request: StaffRequest
    permission_required = "projects.view_project"
    template_name = "projects/project_list.html"
    paginate_by = 50

    def get_queryset(self):
        self.filter_form = _filter_form(self.request)
        projects = _filtered(self.request.user, self.filter_form)
        projects = projects.select_related("field_of_action", "centre", "lead").with_lead_gone()
        projects = with_next_milestone(projects).alias(phase_order=PHASES, light_order=LIGHTS)
        return projects.order_by(*ordering(self.request.GET.get("sort", ""), SORTS))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        views = _switch(self.request, "projects:project_list")
        return super().get_context_data(views=views, **kwargs)


class ProjectBoardView(PermissionRequiredMixin, TemplateView):
    request: StaffRequest
    permission_required = "projects.view_project"
    template_name = "projects/project_board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filter_form = _filter_form(self.request)
        columns = board.columns(_filtered(self.request.user, filter_form).select_related("lead"))
        context = {
            "filter_form": filter_form,
            "views": _switch(self.request, "projects:project_board"),
            "columns": [(column, self._all_of(column)) for column in columns if column.count],
            "empty_columns": [column.label for column in columns if not column.count],
            "count": sum(column.count for column in columns),
        }
        return super().get_context_data(**context, **kwargs)

    def _all_of(self, column: board.Column) -> str:
        """The address of the list of all projects of the column, with the same filter."""
        query = self.request.GET.copy()
        query["phase"] = column.phase
        return f"{reverse('projects:project_list')}?{query.urlencode()}"


def _filter_form(request: StaffRequest) -> ProjectFilterForm:
    return ProjectFilterForm(request.GET, centres=centres_to_choose(request.user))


def _filtered(user: "User", form: ProjectFilterForm) -> "ProjectQuerySet":
    return form.narrow(Project.objects.visible_to(user).defer("search_text", "likeness"))


def _switch(request: StaffRequest, current: str) -> list[dict[str, Any]]:
    """The same projects as a list and as a board: the filter goes along, the page does not."""
    query = request.GET.copy()
    query.pop("page", None)
    end = f"?{query.urlencode()}" if query else ""
    names = {"projects:project_list": _("List"), "projects:project_board": _("Board")}
    return [
        {"label": label, "url": reverse(name) + end, "is_current": name == current}
        for name, label in names.items()
    ]


def _exist(name: str) -> Exists:
    """Whether a project has such rows of a slice above: reached by their reverse relation."""
    rows: Any = Project._meta.get_field(name).related_model
    return Exists(rows._base_manager.filter(project=OuterRef("pk")))


class ProjectDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "projects.view_project"
    template_name = "projects/project_detail.html"

    def get_queryset(self):
        projects = Project.objects.visible_to(self.request.user).with_lead_gone()
        projects = projects.annotate(
            has_sources=sources.exist(Project),
            has_documents=_exist("documents"),
            has_site_notices=_exist("site_notices"),
        )
        found = projects.select_related("centre", "carrier", "field_of_action", "lead")
        return found.defer("search_text", "likeness", "centre__area")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, project = self.request.user, self.object
        is_inside = project.is_inside(user)
        notes = project.progress_notes.select_related("author")
        steps = planning.steps_of(project)
        context = {
            "is_inside": is_inside,
            "is_leading": project.is_inside(user, LEADING),
            "count_followers": partial(noting.count_recipients, project),
            "sees_money": project.shows_money_to(user),
            "goals": project.goals.order_by("programme_id", "position", "pk"),
            "origins": project.origins.visible_to(user).only(*Idea.NAMED_BY).order_by("pk"),
            "sources": sources.of(project, user) if is_inside and project.has_sources else None,
            "participants": project.participants.select_related("actor").only(
                "project", "function", *Actor.named_at("actor")
            ),
            "steps": steps,
            "reached": planning.finding_numbers(steps)[0],
            "notes": (notes if is_inside else notes.filter(is_public=True))[:NOTES_SHOWN],
            "history": history.of(project),
            "site_notices": self._site_notices(),
            "documents": self._documents(is_inside=is_inside),
        }
        return super().get_context_data(**context, **kwargs)

    def _documents(self, *, is_inside: bool) -> Any:
        """Most projects have none, and no site notices: the query of the project says so."""
        if not self.object.has_documents:
            return ()
        documents = self.object.documents.select_related("file")
        return documents if is_inside else documents.filter(is_public=True)

    def _site_notices(self) -> Any:
        if not self.object.has_site_notices:
            return ()
        return self.object.site_notices.with_told_count().order_by("-starts_on", "-pk")


class ProjectTimelineView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "projects.view_project"
    template_name = "projects/project_timeline.html"

    def get_queryset(self):
        projects = Project.objects.visible_to(self.request.user).defer("search_text", "summary")
        return projects.select_related("lead")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = planning.steps_of(self.object)
        reached, late = planning.finding_numbers(steps)
        context = {
            "steps": steps,
            "timeline": timeline.draw(self.object, steps),
            "reached": reached,
            "late": late,
            "is_inside": self.object.is_inside(self.request.user),
            "is_leading": self.object.is_inside(self.request.user, LEADING),
        }
        return super().get_context_data(**context, **kwargs)


@permission_required("projects.add_project", raise_exception=True)
def create_project(request: StaffRequest) -> HttpResponse:
    """`?idea=` (several times, if wanted) names accepted ideas that the form starts from."""
    initial = {} if request.method == "POST" else _from_ideas(request)
    form = ProjectCreateForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        ideas = form.cleaned_data["ideas"]
        try:
            project = services.start_project(ideas, by=request.user, **form.changes())
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "twin" and refusal.params:
                return redirect("projects:project_detail", refusal.params["pk"])
            form.refuse(refusal)
        else:
            messages.success(request, _("The project %(reference)s has started.") % vars(project))
            return redirect(project)
    return render(request, "projects/project_form.html", {"form": form})


def _from_ideas(request: StaffRequest) -> dict[str, Any]:
    keys = [int(key) for key in request.GET.getlist("idea")[:20] if key.isdecimal()]
    accepted = Idea.objects.led_by(request.user).filter(state=Idea.State.ACCEPTED)
    ideas = list(accepted.filter(pk__in=keys).order_by("pk"))
    if not ideas:
        return {}
    first = ideas[0]
    return {
        "ideas": [idea.pk for idea in ideas],
        "title": first.title,
        "summary": first.public_text,
        "field_of_action": first.field_of_action_id,
        "place": first.place,
        "position": position_of(first),
        "desk": f"{first.carrier_id}-{first.centre_id}",
    }


@permission_required("projects.change_project", raise_exception=True)
def update_project(request: StaffRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.led_by(request.user), pk=pk)
    form = ProjectForm(request.POST or None, instance=project, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            services.edit_project(project, by=request.user, version=version, **form.changes())
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                form.show_theirs(Project.objects.select_related("lead").get(pk=pk))
        else:
            messages.success(request, _("Saved."))
            return redirect(project)
    # A ModelForm writes what was typed into its instance: the page shows the saved row.
    saved = Project.objects.only("pk", "reference", "title").get(pk=pk)
    return render(request, "projects/project_form.html", {"form": form, "project": saved})
