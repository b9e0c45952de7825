"""Progress notes and whom they are mailed to."""

from hashlib import sha256

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.ideas.models import IdeaFollower
from projects.pipeline.models import Project
from projects.pipeline.progress_notes import ProgressNote
from zentrum.common.links import absolute
from zentrum.mail.services import post


def recipients(project: Project) -> list[IdeaFollower]:
    """One follower per address: who follows two of the project's ideas gets one mail."""
    following = IdeaFollower.objects.active().filter(idea__projects=project).order_by("pk")
    by_address: dict[str, IdeaFollower] = {}
    for follower in following.select_related("idea"):
        by_address.setdefault(follower.email.lower(), follower)
    return list(by_address.values())


def count_recipients() -> Coalesce:
    """How many addresses `recipients` finds for each project of a query."""
    following = IdeaFollower.objects.active().filter(idea__projects=OuterRef("pk"))
    alike = following.order_by().values("idea__projects")
    counted = alike.annotate(count=Count(Lower("email"), distinct=True)).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def mail_note(note: ProgressNote) -> None:
    project = note.project
    for follower in recipients(project):
        with override(follower.language):
            subject = _("News of the project “%(title)s”") % {"title": project.title}
        address = sha256(follower.email.lower().encode()).hexdigest()[:32]
        post(
            key=f"progress-note-{note.pk}-{address}",
            to=follower.email,
            subject=subject,
            template="projects/email/progress_note",
            context={
                "note": note,
                "project": project,
                "follower": follower,
                "project_url": absolute(project.get_public_url()) if project.is_public else "",
                "stop_url": absolute(follower.get_stop_url()),
            },
            carrier=project.carrier,
            centre=project.centre,
            language=follower.language,
            unsubscribe_url=absolute(follower.get_stop_url()),
        )
