"""Which column of a file becomes which value of an actor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zentrum.common.text import normalise

LABELS: dict[str, str | Promise] = {
    "external_id": gettext_lazy("Identifier in the source"),
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("Given name (makes the row a person)"),
    "legal_form": gettext_lazy("Legal form"),
    "category": gettext_lazy("Sector"),
    "street": gettext_lazy("Street and number"),
    "house_number": gettext_lazy("House number (if it stands apart)"),
    "postcode": gettext_lazy("Postcode"),
    "town": gettext_lazy("Town"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "email": gettext_lazy("E-mail address"),
    "email_2": gettext_lazy("Further e-mail address"),
    "phone": gettext_lazy("Phone"),
    "phone_2": gettext_lazy("Further phone"),
    "website": gettext_lazy("Website"),
    "description": gettext_lazy("Description"),
}
PERSONS = ("nachname", "familienname", "familyname", "lastname", "surname")
# Headings as `_key` spells them: lower case, no umlauts, letters and digits only.
KNOWN: dict[str, tuple[str, ...]] = {
    "external_id": (
        "id",
        "uid",
        "osmid",
        "externalid",
        "externeid",
        "identifier",
        "kennung",
        "nr",
        "nummer",
    ),
    "name": (
        "name",
        "firma",
        "firmenname",
        "bezeichnung",
        "company",
        "organisation",
        "titel",
        *PERSONS,
    ),
    "given_name": ("vorname", "givenname", "firstname"),
    "legal_form": ("legalform", "rechtsform"),
    "category": ("category", "kategorie", "branche", "sector", "sektor", "art", "typ", "type"),
    "street": (
        "street",
        "strasse",
        "str",
        "addrstreet",
        "adresse",
        "anschrift",
        "strassehausnummer",
        "strasseundhausnummer",
        "strassehausnr",
        "strassenr",
        "strnr",
    ),
    "house_number": ("housenumber", "hausnummer", "hausnr", "addrhousenumber"),
    "postcode": ("postcode", "zipcode", "zip", "plz", "postleitzahl", "addrpostcode"),
    "town": ("town", "city", "ort", "stadt", "addrcity"),
    "latitude": ("lat", "latitude", "breite", "breitengrad", "geobreite"),
    "longitude": ("lon", "lng", "long", "longitude", "laenge", "laengengrad", "geolaenge"),
    "email": ("email", "mail", "emailadresse", "contactemail"),
    "email_2": ("weitereemail", "email2", "zweiteemail"),
    "phone_2": ("weiterestelefon", "telefon2", "mobil", "mobiltelefon", "handy", "mobile"),
    "phone": ("phone", "telefon", "tel", "telefonnummer", "contactphone"),
    "website": ("website", "web", "webseite", "url", "homepage", "internet", "contactwebsite"),
    "description": ("description", "beschreibung", "bemerkung", "bemerkungen", "notiz", "note"),
}


def guess(heading: list[str]) -> dict[str, str]:
    """The mapping {field: column} that German and English headings suggest."""
    columns = {_key(column): column for column in reversed(heading)}
    found = {
        name: next((columns[key] for key in keys if key in columns), "")
        for name, keys in KNOWN.items()
    }
    if _key(found["name"]) not in ("name", *PERSONS):  # of a firm; the given name is its owner's
        found["given_name"] = ""
    return {name: column for name, column in found.items() if column}


def proposed(heading: list[str], saved: dict[str, str] | None) -> dict[str, str]:
    """The mapping to begin with: the saved one where its columns are there, else guessed."""
    known = {name: column for name, column in (saved or {}).items() if column in heading}
    return known if known.get("name") else guess(heading)


def checked(mapping: Any, heading: list[str]) -> dict[str, str]:
    """A mapping without its empty entries. Raises ValidationError naming what does not exist."""
    if not isinstance(mapping, dict) or not all(isinstance(c, str) for c in mapping.values()):
        raise ValidationError(_('The mapping must be of the form {"name": "column"}.'))
    if unknown := mapping.keys() - LABELS.keys():
        raise ValidationError(
            _("Unknown fields: %(unknown)s. There are: %(known)s.")
            % {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(LABELS)}
        )
    mapping = {name: column for name, column in mapping.items() if column}
    if absent := sorted(set(mapping.values()) - set(heading)):
        raise ValidationError(
            _("The file has no column “%(unknown)s”. Its columns are: %(known)s.")
            % {"unknown": "”, “".join(absent), "known": ", ".join(heading)}
        )
    if "name" not in mapping:
        raise ValidationError(
            _("Which column holds the name? The columns are: %(known)s.")
            % {"known": ", ".join(heading)}
        )
    return mapping


def _key(column: str) -> str:
    return "".join(letter for letter in normalise(column) if letter.isalnum())
