"""Did we have that before? Asked at the desk before a case is adopted as an idea."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render

from contacts.cases.messages import Message
from contacts.cases.views import visible_case
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from projects.similar import finding
from projects.similar.matching import Text
from zentrum.accounts.requests import StaffRequest

TITLE = "adopt-title"


@permission_required("contacts.adopt_case", raise_exception=True)
def case_similar(request: StaffRequest, pk: int) -> HttpResponse:
    """What is like the case: by its subject, or by the title that somebody types for the idea."""
    case = visible_case(request, pk)
    first = case.messages.filter(kind=Message.Kind.INCOMING).values_list("text", flat=True).first()
    position = None if case.latitude is None else (case.latitude, case.longitude)
    title = request.GET.get(TITLE) or case.subject
    ideas = Idea.objects.visible_to(request.user).filter(centre=case.centre_id)
    projects = Project.objects.visible_to(request.user).filter(centre=case.centre_id)
    found = finding.for_staff(
        Text(title, first or "", case.place, position),
        ideas.exclude(pk=case.idea_id) if case.idea_id else ideas,
        projects,
    )
    return render(request, "contacts/cases/case_similar.html", {"case": case, "found": found})
