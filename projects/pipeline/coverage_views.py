from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from projects.pipeline.coverage import cover, crosses, matrix
from projects.programme.programmes import Programme
from zentrum.accounts.requests import StaffRequest

ROWS = 15


@permission_required("projects.view_programme", raise_exception=True)
def programme_coverage(request: StaffRequest, pk: int) -> HttpResponse:
    """Each sees it for the projects and ideas that they may see."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    coverage = cover(programme, request.user)
    page = Paginator(matrix(programme, request.user), ROWS).get_page(request.GET.get("page"))
    projects, goals = list(page), coverage.goals
    served = crosses(goals, projects)
    context = {
        "programme": programme,
        "coverage": coverage,
        "rows": [(row, [(row.pk, goal.pk) in served for goal in goals]) for row in projects],
        "page_obj": page,
    }
    return render(request, "projects/programme/programme_coverage.html", context)
