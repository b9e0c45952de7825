"""Who supports a public idea, without an account: one voice per person and idea."""

import contextlib

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.ideas.followers import follower_token
from projects.ideas.models import Idea
from zentrum.common.models import TimeStampedModel

SIGNER = Signer(salt="projects.ideas.support", sep=".")
SAME_HOST = {"googlemail.com": "gmail.com"}
WITHOUT_DOTS = {"gmail.com"}


def person_of(email: str) -> str:
    """One spelling of an address: A.Berg+zentrum@GoogleMail.com is aberg@gmail.com.

    Capitals, what follows a plus, and Unicode in the domain (RFC 5891) make nobody a second
    person; dots in the name do not with the one provider known to ignore them.
    """
    name, _at, host = email.strip().lower().rpartition("@")
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode()
    host = SAME_HOST.get(host, host)
    name = name.partition("+")[0] or name
    return f"{name.replace('.', '') if host in WITHOUT_DOTS else name}@{host}"


class SupporterQuerySet(models.QuerySet["Supporter"]):
    def confirmed(self) -> "SupporterQuerySet":
        return self.filter(confirmed_at__isnull=False)


class Supporter(TimeStampedModel):
    """A voice for an idea; it counts once its address is confirmed, and goes when withdrawn."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="supporters")
    email = models.EmailField(_("E-mail address"))
    person = models.CharField(
        max_length=300, editable=False, help_text="The address in one spelling, see `person_of`."
    )
    name = models.CharField(_("Name of the shop or association"), max_length=150, blank=True)
    language = models.CharField(max_length=5, default="de", editable=False)
    token = models.CharField(max_length=40, unique=True, default=follower_token)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = SupporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("supporter")
        verbose_name_plural = _("supporters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="supporter_once", fields=["idea", "person"]),
            models.CheckConstraint(name="supporter_has_person", condition=~Q(person="")),
        ]
        indexes = [
            models.Index(
                name="supporter_unconfirmed",
                fields=["created_at"],
                condition=Q(confirmed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_link(self) -> str:
        """Where the voice is confirmed and withdrawn: signed, only ever mailed."""
        return reverse("projects:idea_support", args=[SIGNER.sign(self.token)])


def of_link(signed: str) -> Supporter | None:
    """The voice that a link is about; None when it is forged or the voice is withdrawn."""
    try:
        token = SIGNER.unsign(signed)
    except BadSignature:
        return None
    return Supporter.objects.select_related("idea").filter(token=token).first()
