"""Which goals of the programme an idea would serve."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from projects.ideas.models import Idea
from projects.programme.serving import ask_for_goals
from zentrum.accounts.requests import StaffRequest


@permission_required("projects.change_idea", raise_exception=True)
def idea_goals(request: StaffRequest, pk: int) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    return ask_for_goals(request, idea, "projects/idea_goals.html", idea=idea)
