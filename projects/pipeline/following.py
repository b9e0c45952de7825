"""Begin and end to hear of a project; the link at the end of each mail on ideas and projects."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from projects.ideas.followers import Follower, IdeaFollower
from projects.ideas.models import Idea
from projects.pipeline.followers import ProjectFollower
from projects.pipeline.models import Project


def begin(project: Project, *, email: str, name: str, language: str) -> None:
    """Somebody who joined the project has confirmed their address: they hear of it, once.

    Who stopped the mails before does not get them again.
    """
    email = email.strip().lower()
    if not project.followers.filter(email__iexact=email).exists():
        follower = ProjectFollower(project=project, email=email, name=name, language=language)
        follower.full_clean()
        follower.save()


@transaction.atomic
def end(follower: Follower) -> None:
    """No more mail to this address about what this link is about, and all that hangs on it.

    Somebody who follows several ideas of one project, and the project, gets one mail and stops it
    with one click.
    """
    ideas, projects = _about(follower)
    same = {"email__iexact": follower.email, "stopped_at__isnull": True}
    now = timezone.now()
    IdeaFollower.objects.filter(**same, idea__in=ideas).update(stopped_at=now)
    ProjectFollower.objects.filter(**same, project__in=projects).update(stopped_at=now)


def _about(follower: Follower) -> tuple[QuerySet[Idea], QuerySet[Project]]:
    if isinstance(follower, IdeaFollower):
        ideas = Idea.objects.akin_to(follower.idea)
        return ideas, Project.objects.filter(origins__in=ideas)
    projects = Project.objects.filter(followers=follower.pk)
    return Idea.objects.filter(projects__in=projects), projects


@csrf_exempt  # RFC 8058: the mail program posts without a cookie; the token in the address decides
@never_cache
@login_not_required
def stop_following(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows what a click would do (mail scanners follow links), POST stops the mails."""
    follower = _of_idea(token) or get_object_or_404(
        ProjectFollower.objects.select_related("project"), token=token
    )
    if request.method == "POST":
        end(follower)
        follower.refresh_from_db()
    return render(request, "projects/follower_stop.html", {"follower": follower})


def _of_idea(token: str) -> IdeaFollower | None:
    return IdeaFollower.objects.select_related("idea").filter(token=token).first()
