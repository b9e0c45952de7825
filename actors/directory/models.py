from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.consent_triggers import LISTED_IS_NO_PERSON
from actors.directory.lookup_keys import cell_key, host_key, phone_key
from zentrum.accounts.roles import OFFICE
from zentrum.common.models import TimeStampedModel, keep_history, trigram_index
from zentrum.common.text import normalise, searchable
from zentrum.office.mandates import within_centres
from zentrum.office.models import Centre
from zentrum.office.places import latitude_field, longitude_field, position_constraint

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOST_WORDS = 8  # of a search; more would only slow it down
DIRECTORY, CONTACT_DATA = "directory", "contact_data"  # purposes of a consent, by name


class Sector(models.Model):
    """Line of business or kind of institution (Branche)."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    slug = models.SlugField(unique=True, max_length=100)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ActorQuerySet(models.QuerySet["Actor"]):
    def active(self) -> "ActorQuerySet":
        return self.filter(archived_at__isnull=True)

    def matching(self, words: str) -> "ActorQuerySet":
        """Every word occurs in the name, the description or an address (German spelling folded)."""
        actors = self
        for word in normalise(words).split()[:MOST_WORDS]:
            # A union of two indexed searches: with OR neither trigram index would be used.
            named = Actor.objects.order_by().filter(search_text__contains=word).values("pk")
            located = Address.objects.order_by().filter(search_text__contains=word).values("actor")
            actors = actors.filter(pk__in=named.union(located, all=True))
        return actors

    def public(self) -> "ActorQuerySet":
        """Organisations and bodies that agreed to stand in the public directory."""
        return self.active().exclude(kind=Actor.Kind.PERSON).consenting(DIRECTORY)

    def consenting(self, purpose: str) -> "ActorQuerySet":
        """Actors that agreed to a purpose, with a consent that holds today.

        The rows of the consents lie above, so they are reached by the name of the relation.
        """
        today = timezone.localdate()
        holds = Q(consents__withdrawn_on__isnull=True) | Q(consents__withdrawn_on__gt=today)
        agreed = Actor.objects.order_by().filter(
            holds, consents__purpose=purpose, consents__given_on__lte=today
        )
        return self.filter(pk__in=agreed.values("pk"))

    def with_public_contact(self) -> "ActorQuerySet":
        """Adds `has_public_contact`: phone and e-mail address may stand in the public directory."""
        agreed = Actor.objects.order_by().consenting(CONTACT_DATA).filter(pk=models.OuterRef("pk"))
        return self.annotate(has_public_contact=models.Exists(agreed))

    def visible_to(self, user: "User") -> "ActorQuerySet":
        """Desk roles see the actors of their centres, whichever carrier they work for."""
        return self.filter(within_centres(user, OFFICE))


@keep_history(exclude=("search_text", "sort_text", "submission"))
class Actor(TimeStampedModel):
    """A person, an organisation or a body of the town centre (Akteur)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        BODY = "body", _("Body")

    kind = models.CharField(_("Kind"), max_length=15, choices=Kind.choices)
    name = models.CharField(
        _("Name"), max_length=200, help_text=_("Of a person: the family name. Without legal form.")
    )
    given_name = models.CharField(_("Given name"), max_length=100, blank=True)
    legal_form = models.CharField(
        _("Legal form"), max_length=50, blank=True, help_text=_("Such as GmbH, e. V., e. K.")
    )
    description = models.TextField(_("Description"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="actors", verbose_name=_("centre")
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="actors", verbose_name=_("sectors")
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_actors",
        help_text="This actor turned out to be that one; its address leads there.",
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    submission = models.UUIDField(
        null=True,
        unique=True,
        editable=False,
        help_text="Of the form that created it: pressing the button twice makes one actor.",
    )
    search_text = models.GeneratedField(
        expression=searchable("name", "given_name", "legal_form", "description", "website"),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_text = models.GeneratedField(
        expression=searchable("name", "given_name"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ["sort_text", "pk"]
        constraints = [
            models.CheckConstraint(
                name="actor_name_filled",
                condition=~Q(name=""),
                violation_error_message=_("An actor needs a name."),
            ),
            models.CheckConstraint(
                name="actor_given_name_of_person",
                condition=Q(kind="person") | Q(given_name=""),
                violation_error_message=_("Only a person has a given name."),
            ),
            models.CheckConstraint(
                name="actor_legal_form_not_of_person",
                condition=~Q(kind="person") | Q(legal_form=""),
                violation_error_message=_("A person has no legal form."),
            ),
            models.CheckConstraint(
                name="actor_merged_is_archived",
                condition=Q(merged_into__isnull=True) | Q(archived_at__isnull=False),
            ),
        ]
        indexes = [
            trigram_index("search_text", "actor_search"),
            models.Index(name="actor_sorted", fields=["centre", "sort_text", "id"]),
            models.Index(host_key(), name="actor_host_key"),
        ]
        triggers = [LISTED_IS_NO_PERSON]

    NAMED_BY = ("kind", "name", "given_name", "legal_form")

    @classmethod
    def named_at(cls, path: str) -> list[str]:
        """NAMED_BY, as seen from a row that has its actor at this path."""
        return [f"{path}__{column}" for column in cls.NAMED_BY]

    def __str__(self) -> str:
        """Made of NAMED_BY: lists that name actors need only these columns."""
        if self.kind == self.Kind.PERSON:
            return f"{self.given_name} {self.name}".strip()
        return f"{self.name} {self.legal_form}".strip()

    def get_absolute_url(self) -> str:
        return reverse("actors:actor_detail", args=[self.pk])


@keep_history()
class EmailAddress(TimeStampedModel):
    """One of an actor's e-mail addresses."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="emails")
    email = models.EmailField(_("E-mail address"))
    label = models.CharField(_("Label"), max_length=50, blank=True)
    is_main = models.BooleanField(_("main address"), default=False)

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="email_address_once_per_actor",
                fields=["actor", "email"],
                violation_error_message=_("This e-mail address is already there."),
            ),
            models.UniqueConstraint(
                name="email_address_one_main", fields=["actor"], condition=Q(is_main=True)
            ),
        ]
        indexes = [
            models.Index(name="email_address_lookup", fields=["email"]),
            models.Index(Lower("email"), name="email_address_key"),
        ]

    def __str__(self) -> str:
        return self.email


@keep_history()
class PhoneNumber(TimeStampedModel):
    """One of an actor's telephone numbers, as people write it."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("Phone"), max_length=40)
    label = models.CharField(_("Label"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="phone_number_once_per_actor",
                fields=["actor", "number"],
                violation_error_message=_("This phone number is already there."),
            )
        ]
        indexes = [models.Index(phone_key(), name="phone_number_key")]

    def __str__(self) -> str:
        return self.number


@keep_history(exclude=("search_text",))
class Address(TimeStampedModel):
    """An actor's address and its position (WGS84); the newest main one stands on the map."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="addresses")
    street = models.CharField(_("Street and number"), max_length=200, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=10, blank=True)
    town = models.CharField(_("Town"), max_length=100, blank=True)
    latitude = latitude_field()
    longitude = longitude_field()
    is_main = models.BooleanField(_("main address"), default=True)
    search_text = models.GeneratedField(
        expression=searchable("street", "postcode", "town"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_main", "pk"]
        constraints = [
            position_constraint("address_position_whole"),
            models.UniqueConstraint(
                name="address_one_main", fields=["actor"], condition=Q(is_main=True)
            ),
        ]
        indexes = [
            trigram_index("search_text", "address_search"),
            models.Index(cell_key(), name="address_cell_key"),
        ]

    def __str__(self) -> str:
        place = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.street, place) if part)


class ActorNoteQuerySet(models.QuerySet["ActorNote"]):
    def visible_to(self, user: "User") -> "ActorNoteQuerySet":
        return self.filter(within_centres(user, OFFICE, prefix="actor__"))


@keep_history()
class ActorNote(TimeStampedModel):
    """What the office knows of an actor, with who wrote it (Ortskenntnis)."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("Note"))

    objects = ActorNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="actor_note_filled", condition=~Q(text=""))]
