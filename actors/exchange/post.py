"""Who of a list is written to on paper: those without an e-mail address."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, ActorQuerySet, Address, EmailAddress
from actors.exchange.exporting import main_address
from zentrum.accounts.models import User
from zentrum.files.pdf import pdf

LABELS_PER_SHEET = 24  # 3 × 8 on A4, each 70 × 37 mm
# Placeholders of a letter: German words, because the office writes its letters in German.
PLACEHOLDERS = {
    "name": _("Full name, with the legal form"),
    "vorname": _("Given name, empty for organisations"),
    "nachname": _("Family name, or the name of the organisation"),
    "strasse": _("Street and number"),
    "plz": _("Postcode"),
    "ort": _("Town"),
    "branchen": _("Sectors, with commas"),
    "telefon": _("First phone number"),
    "website": _("Website"),
    "datum": _("Today's date"),
    "zentrum": _("Name of the centre"),
    "absender": _("Your name"),
}


@dataclass(frozen=True)
class Recipients:
    """Of a list: all, those without e-mail, and those of them with a postal address."""

    total: int
    without_mail: ActorQuerySet
    reachable: ActorQuerySet
    unreachable: ActorQuerySet


def recipients(actors: ActorQuerySet) -> Recipients:
    emails = EmailAddress.objects.filter(actor=OuterRef("pk"))
    addresses = Address.objects.filter(actor=OuterRef("pk"), is_main=True).exclude(street="")
    has_address = Exists(addresses.filter(~Q(postcode="") | ~Q(town="")))
    without_mail = actors.filter(~Exists(emails))
    return Recipients(
        total=actors.count(),
        without_mail=without_mail,
        reachable=without_mail.filter(has_address),
        unreachable=without_mail.filter(~has_address),
    )


def letters_of(actors: ActorQuerySet, user: User) -> Iterator[dict[str, str]]:
    """What the placeholders stand for, per actor."""
    rows = actors.select_related("centre__town").prefetch_related("addresses", "phones", "sectors")
    day = formats.date_format(timezone.localdate(), "j. F Y")
    for actor in rows:
        yield context_of(actor) | {"datum": day, "absender": user.name}


def context_of(actor: Actor) -> dict[str, str]:
    address = main_address(actor)
    return {
        "name": str(actor),
        "vorname": actor.given_name,
        "nachname": actor.name,
        "strasse": address.street,
        "plz": address.postcode,
        "ort": address.town or actor.centre.town.name,
        "branchen": ", ".join(map(str, actor.sectors.all())),
        "telefon": str(next(iter(actor.phones.all()), "")),
        "website": actor.website,
        "zentrum": actor.centre.name,
    }


def labels(actors: ActorQuerySet, *, first: int, title: str) -> bytes:
    """Sheets of 3 × 8 labels as PDF, from the `first` free one (1 to 24)."""
    rows = actors.select_related("centre__town").prefetch_related("addresses", "phones", "sectors")
    data: dict[str, Any] = {"title": title, "skip": first - 1, "labels": []}
    for actor in rows:
        words = context_of(actor)
        lines = [words["name"], words["strasse"], f"{words['plz']} {words['ort']}".strip()]
        data["labels"].append([_broken(line) for line in lines if line])
    return pdf("labels.typ", data)


def _broken(line: str) -> str:
    """A word that is longer than a label may break anywhere (zero width space)."""
    words = line.split()
    return " ".join(
        "\u200b".join(word[i : i + 20] for i in range(0, len(word), 20)) for word in words
    )
