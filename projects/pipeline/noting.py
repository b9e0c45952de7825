"""Who follows a project, and the mails they get: progress notes and new phases."""

from hashlib import sha256

from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.ideas.followers import Follower, IdeaFollower
from projects.pipeline.models import Project
from projects.pipeline.progress_notes import ProgressNote
from zentrum.common.links import absolute
from zentrum.mail.services import post


def recipients(project: Project) -> list[Follower]:
    """One follower per address: who follows two of the project's ideas gets one mail."""
    by_ideas = IdeaFollower.objects.active().filter(idea__projects=project).order_by("pk")
    by_address: dict[str, Follower] = {}
    for follower in (*by_ideas, *project.followers.active().order_by("pk")):
        by_address.setdefault(follower.email.lower(), follower)
    return list(by_address.values())


def count_recipients(project: Project) -> int:
    """How many addresses `recipients` finds. One query."""
    by_ideas = IdeaFollower.objects.active().filter(idea__projects=project)
    addresses = by_ideas.order_by().values_list(Lower("email"))
    others = project.followers.active().order_by().values_list(Lower("email"))
    return addresses.union(others).count()


def mail_note(note: ProgressNote) -> None:
    _mail(note.project, f"progress-note-{note.pk}", text=note.text)


def mail_phase(project: Project) -> None:
    """Tell those who follow a public project its new phase, with its sentence."""
    key = f"project-{project.pk}-{project.version}-phase"
    _mail(project, key, text=project.phase_reason, phase=project.phase)


def _mail(project: Project, key: str, **news: str) -> None:
    """One mail per address; `news`: a text, and the phase that is new."""
    for follower in recipients(project):
        with override(follower.language):
            subject = _("News of the project “%(title)s”") % {"title": project.title}
        address = sha256(follower.email.lower().encode()).hexdigest()[:32]
        post(
            key=f"{key}-{address}",
            to=follower.email,
            subject=subject,
            template="projects/email/progress_note",
            context={
                "project": project,
                "follower": follower,
                "project_url": absolute(project.get_public_url()) if project.is_public else "",
                "stop_url": absolute(follower.get_stop_url()),
            }
            | news,
            carrier=project.carrier,
            centre=project.centre,
            language=follower.language,
            unsubscribe_url=absolute(follower.get_stop_url()),
        )
