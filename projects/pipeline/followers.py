"""Who hears of a project without having come from one of its ideas."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from projects.ideas.followers import Follower
from projects.pipeline.models import Project


class ProjectFollowerQuerySet(models.QuerySet["ProjectFollower"]):
    def active(self) -> "ProjectFollowerQuerySet":
        return self.filter(stopped_at__isnull=True)


class ProjectFollower(Follower):
    """Who joined a running project from the public form and hears of its progress."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="followers")

    objects = ProjectFollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("project follower")
        verbose_name_plural = _("project followers")
        constraints = [
            models.UniqueConstraint("project", Lower("email"), name="project_follower_once")
        ]
