"""Projects with a public page, for everybody: list, map and page."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from actors.directory.models import Actor
from projects.pipeline import history, planning
from projects.pipeline.forms import ProjectPublicFilterForm
from projects.pipeline.milestones import with_progress
from projects.pipeline.models import Project
from projects.programme.listing import FilteredListView, points

NOTES_SHOWN = 20


@method_decorator(login_not_required, name="dispatch")
class ProjectPublicListView(FilteredListView):
    template_name = "projects/project_public_list.html"
    paginate_by = 24

    def get_queryset(self):
        self.filter_form = ProjectPublicFilterForm(self.request.GET)
        shown = self.filter_form.narrow(Project.objects.public().defer("search_text", "likeness"))
        shown = with_progress(shown.select_related("field_of_action"))
        return shown.order_by("-starts_on", "-pk")


class ProjectPublicPointsView(ProjectPublicListView):
    """The same page of the same list, as GeoJSON for the map (RFC 7946)."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> JsonResponse:
        return points(context["object_list"], lambda project: project.get_phase_display())


@method_decorator(login_not_required, name="dispatch")
class ProjectPublicView(DetailView):
    template_name = "projects/project_public.html"
    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self):
        projects = Project.objects.public().defer("search_text", "centre__area")
        return projects.select_related("field_of_action", "carrier", "centre__town")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.object
        listed = Actor.objects.public().filter(participations__project=project)
        steps = [step for step in planning.steps_of(project) if step.milestone.is_public]
        return super().get_context_data(
            steps=steps,
            reached=planning.finding_numbers(steps)[0],
            changes=_changes(project),
            site_notices=(notices := _site_notices(project)),
            has_map=bool(notices) or project.latitude is not None,
            goals=project.goals.order_by("programme_id", "position", "pk"),
            participants=listed.annotate(function=F("participations__function")),
            documents=project.documents.filter(is_public=True).select_related("file"),
            origins=project.origins.public().order_by("pk"),
            **kwargs,
        )


def _changes(project: Project) -> list[history.Entry]:
    """What was reported and how the phase changed, newest first."""
    notes = project.progress_notes.filter(is_public=True)[:NOTES_SHOWN]
    told = [
        history.Entry(note.created_at, _("Progress"), note.text, history.NOTE_ICON)
        for note in notes
    ]
    whole = sorted([*told, *history.phases_of(project)], key=lambda entry: entry.at, reverse=True)
    return whole[:NOTES_SHOWN]


def _site_notices(project: Project) -> list[tuple[Any, str]]:
    """The building sites that are there or come, each with its days in words."""
    lasting = project.site_notices.filter(is_public=True).lasting(timezone.localdate())
    return [(notice, notice.days_in_words) for notice in lasting.defer("area")[:NOTES_SHOWN]]


@login_not_required
def public_point(request: HttpRequest, reference: str) -> JsonResponse:
    """The place of one project, for the small map on its page."""
    projects = Project.objects.public().defer("search_text", "likeness")
    project = get_object_or_404(projects, reference=reference)
    return points([project], lambda row: row.place)
