"""Who hears of an idea by mail, until a click on a link stops it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from projects.ideas.models import Idea
from zentrum.common.models import TimeStampedModel


def follower_token() -> str:
    return get_random_string(40)


class IdeaFollowerQuerySet(models.QuerySet["IdeaFollower"]):
    def active(self) -> "IdeaFollowerQuerySet":
        """Who may get mail: not stopped, and the address of an author is confirmed."""
        confirmed = Q(is_author=False) | Q(idea__author_confirmed_at__isnull=False)
        return self.filter(confirmed, stopped_at__isnull=True)


class Follower(TimeStampedModel):
    """An address that hears of something until its link stops it."""

    email = models.EmailField(_("E-mail address"))
    name = models.CharField(_("Name"), max_length=150, blank=True)
    language = models.CharField(max_length=5, default="de", editable=False)
    token = models.CharField(max_length=40, unique=True, default=follower_token)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.email

    def get_stop_url(self) -> str:
        return reverse("projects:follower_stop", args=[self.token])


class IdeaFollower(Follower):
    """Who hears of an idea's progress, also in the project it becomes, until they stop it."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="followers")
    is_author = models.BooleanField(default=False)

    objects = IdeaFollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower of an idea")
        verbose_name_plural = _("followers of ideas")
        constraints = [
            models.UniqueConstraint("idea", Lower("email"), name="idea_follower_once_any_case")
        ]
