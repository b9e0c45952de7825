"""What the staff see beside an idea: was there something like it before?"""

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from projects.ideas.models import Idea
from projects.pipeline.models import Project
from projects.similar import finding
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING, OFFICE
from zentrum.office.mandates import within_mandates


@permission_required("projects.view_idea", raise_exception=True)
def similar_to_idea(request: StaffRequest, pk: int) -> HttpResponse:
    """Only the office sees it: the search knows the internal texts."""
    own = Idea.objects.filter(within_mandates(request.user, OFFICE))
    idea = get_object_or_404(own.select_related("centre"), pk=pk)
    others = own.filter(centre=idea.centre_id).exclude(Q(pk=pk) | Q(merged_into=pk))
    projects = Project.objects.visible_to(request.user).filter(centre=idea.centre_id)
    found = finding.for_staff(finding.text_of(idea), others, projects.exclude(origins=pk))
    is_leading = idea.is_inside(request.user, LEADING)
    context = {"idea": idea, "found": found, "may_merge": is_leading and idea.may_merge}
    return render(request, "projects/similar/idea_similar.html", context)
