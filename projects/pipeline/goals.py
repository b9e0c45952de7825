"""Which goals of the programme a project serves."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from projects.pipeline.models import Project
from projects.programme.serving import ask_for_goals
from zentrum.accounts.requests import StaffRequest


@permission_required("projects.change_project", raise_exception=True)
def project_goals(request: StaffRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.led_by(request.user), pk=pk)
    return ask_for_goals(request, project, "projects/project_action.html", project=project)
