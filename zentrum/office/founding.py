"""First steps of a real town: its row, a carrier, a centre, people with mandates."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.accounts.services import add_person
from zentrum.office.models import Carrier, Centre, Mandate, Town


@dataclass(frozen=True)
class Founded:
    town: Town
    centre: Centre
    manager: User
    is_new: bool


@transaction.atomic
def found(*, town: str, land: str, carrier: str, centre: str, manager: str) -> Founded:
    """Set up a town with one centre and its manager; what is already there stays as it is.

    `land` is the two letters of the Land, `manager` a mail address. The manager gets a link to
    choose a password. Raises ValidationError when a value is malformed or another town exists.
    """
    the_town = Town.objects.order_by("pk").first() or Town(name=town, land=land.upper())
    if the_town.name != town:
        raise ValidationError(f"This portal already serves {the_town.name}.")
    is_new = the_town.pk is None
    _save(the_town)
    the_carrier = Carrier.objects.filter(name=carrier).first()
    the_carrier = the_carrier or Carrier(name=carrier, kind=Carrier.Kind.ADMINISTRATION)
    _save(the_carrier)
    slug = slugify(centre)[:50] or "zentrum"
    the_centre = Centre.objects.filter(slug=slug).first()
    the_centre = the_centre or Centre(town=the_town, name=centre, slug=slug, carrier=the_carrier)
    _save(the_centre)
    person = appoint(email=manager, name="", role=Role.MANAGER, carrier=the_carrier)
    return Founded(the_town, the_centre, person, is_new)


@transaction.atomic
def appoint(
    *,
    email: str,
    name: str,
    role: str,
    carrier: Carrier,
    centre: Centre | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> User:
    """Give a person a mandate, with an account if they have none (they get a link by mail).

    The same mandate that already holds is left alone. Raises ValidationError for malformed values
    and for an account that is not active.
    """
    email = email.strip().lower()
    person = User.objects.filter(email__iexact=email).first()
    if not person:
        person = _add(email, name or email.split("@")[0])
    elif not person.is_active:
        message = _("The account of %(email)s is not active: activate it on its page first.")
        raise ValidationError(message, params={"email": person.email})
    today = timezone.localdate()
    same = Mandate.objects.current(today).filter(user=person, role=role, carrier=carrier)
    if not same.filter(centre=centre).exists():
        mandate = Mandate(user=person, role=role, carrier=carrier, centre=centre)
        mandate.starts_on, mandate.ends_on = starts_on or today, ends_on
        _save(mandate)
    return person


def _add(email: str, name: str) -> User:
    try:
        return add_person(email=email, name=name)
    except ValidationError as refusal:
        raise _named(User, refusal) from refusal


def _save(row: Town | Carrier | Centre | Mandate) -> None:
    if row.pk is not None:
        return
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise _named(type(row), refusal) from refusal
    row.save()


def _label(model: type[Model], name: str) -> str:
    field = cast("Field", model._meta.get_field(name))
    return str(field.verbose_name)


def _named(model: type[Model], refusal: ValidationError) -> ValidationError:
    """The refusal with the names of model and field: at a prompt no label stands beside it."""
    words = [
        f"{model._meta.verbose_name}, {_label(model, name)}: {message}"
        if name != NON_FIELD_ERRORS
        else message
        for name, messages in refusal.message_dict.items()
        for message in messages
    ]
    return ValidationError(words)
