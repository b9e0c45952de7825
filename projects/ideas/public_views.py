"""Released ideas for everybody: list, map and page. The author is on none of them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from projects.ideas.forms import IdeaPublicFilterForm
from projects.ideas.models import Idea
from projects.programme.listing import FilteredListView, points

COMMENTS_SHOWN = 50
HIDDEN = ("text", "search_text", "likeness", "public_likeness")


@method_decorator(login_not_required, name="dispatch")
class IdeaPublicListView(FilteredListView):
    template_name = "projects/idea_public_list.html"
    paginate_by = 24

    def get_queryset(self):
        self.filter_form = IdeaPublicFilterForm(self.request.GET)
        released = Idea.objects.public().select_related("field_of_action").defer(*HIDDEN)
        return self.filter_form.narrow(released).order_by("-released_at", "-pk")


class IdeaPublicPointsView(IdeaPublicListView):
    """The same page of the same list, as GeoJSON for the map (RFC 7946)."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> JsonResponse:
        return points(context["object_list"], lambda idea: idea.get_state_display())


@method_decorator(login_not_required, name="dispatch")
class IdeaPublicView(DetailView):
    template_name = "projects/idea_public.html"
    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self):
        return Idea.objects.public().select_related("field_of_action", "merged_into").defer(*HIDDEN)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        projects = self.object.projects.public().order_by("pk")
        return super().get_context_data(
            projects=projects,
            goes_on_in=self.object.goes_on_in,
            comments=self.object.comments.shown().order_by("-pk")[:COMMENTS_SHOWN],
            voices=self.object.supporters.confirmed().count(),
            **kwargs,
        )


@login_not_required
def public_point(request: HttpRequest, reference: str) -> JsonResponse:
    """The place of one released idea, for the small map on its page."""
    idea = get_object_or_404(Idea.objects.public().defer(*HIDDEN), reference=reference)
    return points([idea], lambda row: row.place)
