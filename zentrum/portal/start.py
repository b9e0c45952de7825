"""The first page of the town: is anyone there, what is going on, how do I hand in my idea?"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.cases.models import Case
from contacts.cases.periods import promised_days
from contacts.intake.office_views import Office
from projects.ideas.models import Idea
from projects.pipeline.milestones import with_progress
from projects.pipeline.models import Project
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

PROJECTS_SHOWN, IDEAS_SHOWN = 8, 4


@login_not_required
@require_safe
def start_page(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    centres = list(Centre.objects.select_related("town").defer("area").order_by("name"))
    running = with_progress(Project.objects.public().running().defer("search_text", "likeness"))
    released = Idea.objects.public().defer("text", "search_text", "likeness", "public_likeness")
    context = {
        "offices": [Office(centre, OfficeCalendar.of(centre), now) for centre in centres],
        "projects": running.order_by("-starts_on", "-pk")[:PROJECTS_SHOWN],
        "promise_days": centres and promised_days(centres[0].town, Case.Kind.IDEA),
        "ideas": released.order_by("-released_at", "-pk")[:IDEAS_SHOWN],
    }
    return render(request, "portal/start.html", context)
