"""From the cells of a row to the values of an actor, checked as the form would check them."""

import math
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator, validate_email
from django.utils.translation import gettext as _

from actors.exchange.mapping import LABELS
from zentrum.common.text import normalise

LONGEST = {
    "external_id": 200,
    "name": 200,
    "given_name": 100,
    "legal_form": 50,
    "category": 100,
    "street": 200,
    "house_number": 20,
    "postcode": 10,
    "town": 100,
    "email": 254,
    "email_2": 254,
    "phone": 40,
    "phone_2": 40,
    "website": 200,
    "description": 5000,
}
LIMITS = {"latitude": 90.0, "longitude": 180.0}
_valid_url = URLValidator(schemes=["http", "https"])

Values = dict[str, Any]


def values_of(cells: dict[str, str], mapping: dict[str, str]) -> Values:
    """The values of a row that are not empty; `external_id` is always there, `categories` a list.

    Raises ValidationError with every reason why the row cannot be taken.
    """
    values: Values = {}
    reasons: list[str] = []
    for name, column in mapping.items():
        text = " ".join(cells[column].split()) if name != "description" else cells[column].strip()
        if not text:
            continue
        try:
            values[name] = CLEAN.get(name, _plain)(name, text)
        except ValidationError as error:
            reasons += [f"{LABELS[name]}: {message}" for message in error.messages]
    if not reasons:
        reasons = _join(values, has_identifier="external_id" in mapping)
    if reasons:
        raise ValidationError(reasons)
    return values


def _join(values: Values, *, has_identifier: bool) -> list[str]:
    """Bring together what stands in several cells; the reasons why that cannot be done."""
    if number := values.pop("house_number", ""):
        values["street"] = f"{values.get('street', '')} {number}".strip()
    values["categories"] = values.pop("category", [])
    for name, further in (("email", "email_2"), ("phone", "phone_2")):
        if further in values and values.get(name) in (None, values[further]):
            values[name] = values.pop(further)
    if reason := _contradiction(values):
        return [reason]
    if "external_id" not in values:
        if has_identifier:
            return [_("The row has no identifier.")]
        values["external_id"] = _own_identifier(values)
    return []


def _contradiction(values: Values) -> str:
    if ("latitude" in values) != ("longitude" in values):
        return _("A position needs both latitude and longitude.")
    if not (values.get("name") or values["categories"] or values.get("street")):
        return _("The row has neither a name nor a sector nor a street.")
    if "given_name" in values and ("legal_form" in values or "name" not in values):
        return _("A person has a family name and no legal form.")
    return ""


def _own_identifier(values: Values) -> str:
    """For a list without identifiers: names and street say who is meant."""
    names = (values.get("name", ""), values.get("given_name", ""))
    return normalise(f"{' '.join(filter(None, names))} | {values.get('street', '')}")[:200]


def _plain(name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        MaxLengthValidator(LONGEST[name])(text)  # refuses in words
    return text


def _number(name: str, text: str) -> float:
    """A coordinate in degrees, with point or comma."""
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from error
    if not math.isfinite(number) or abs(number) > LIMITS[name]:
        raise ValidationError(_("“%(text)s” is not a place on the globe.") % {"text": text[:40]})
    return number


def _email(name: str, text: str) -> str:
    validate_email(_plain(name, text))
    return text.lower()


def _website(name: str, text: str) -> str:
    text = text if "://" in text else f"https://{text}"
    _valid_url(_plain(name, text))
    return text


def _categories(name: str, text: str) -> list[str]:
    found = [_plain(name, part.strip()) for part in text.split(";") if part.strip()]
    return list(dict.fromkeys(found))


CLEAN: dict[str, Callable[[str, str], Any]] = {
    "latitude": _number,
    "longitude": _number,
    "email": _email,
    "email_2": _email,
    "website": _website,
    "category": _categories,
}
