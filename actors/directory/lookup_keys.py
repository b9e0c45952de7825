"""What actors are looked up by: keys that indexes hold, however people write the values."""

from django.db import models
from django.db.models.functions import Lower, Right

PHONE_KEY = 7  # digits
HOST = r"^(?:https?://)?(?:www\.)?([^/:?#]+)"


def phone_key() -> models.Func:
    """The last seven digits of a number, however it is written: a rough key to look it up by."""
    digits = models.Func(
        models.F("number"),
        models.Value("[^0-9]"),
        models.Value(""),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.CharField(),
    )
    return Right(digits, PHONE_KEY)


def host_key() -> models.Func:
    """The host of a website without "www."."""
    parts = (Lower("website"), models.Value(HOST))
    return models.Func(*parts, function="substring", output_field=models.CharField())


def cell_key() -> models.Expression:
    """The field of about a hundred metres in which a position lies, as one number."""
    return _thousandths("latitude") * 1_000_000.0 + _thousandths("longitude")


def cell_of(latitude: float, longitude: float) -> float:
    return float(round(latitude * 1000) * 1_000_000 + round(longitude * 1000))


def _thousandths(name: str) -> models.Func:
    scaled = models.F(name) * 1000.0
    return models.Func(scaled, function="round", output_field=models.FloatField())
