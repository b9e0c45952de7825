"""The button on an accepted idea's page that takes it into a project which is running already."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from projects.ideas.models import Idea
from projects.pipeline import services
from projects.pipeline.forms import IdeaJoinForm
from zentrum.accounts.requests import StaffRequest


@permission_required("projects.change_project", raise_exception=True)
def join_project(request: StaffRequest, pk: int) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.led_by(request.user), pk=pk)
    if request.method == "GET" and idea.state != Idea.State.ACCEPTED:
        messages.error(request, _("This step is not possible now."))
        return redirect(idea)
    form = IdeaJoinForm(request.POST or None, idea=idea, user=request.user)
    if request.method == "POST" and form.is_valid():
        project = form.cleaned_data["project"]
        try:
            services.join_project(project, idea, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The idea goes on in %(reference)s.") % vars(project))
            return redirect(project)
    context = {"idea": idea, "form": form, "has_projects": form.projects.exists()}
    return render(request, "projects/idea_join.html", context)
