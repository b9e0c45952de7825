"""Form fields and widgets that every app uses."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from leaflet import app_settings as leaflet_settings

from zentrum.common.money import parse_amount


class DateInput(forms.DateInput):
    """The browser's own calendar. It wants ISO dates, which German localisation would break."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MoneyField(forms.CharField):
    """An amount in euro as people type it; cleans to a Decimal with two places."""

    def __init__(self, *, allow_zero: bool = False, **options: Any):
        self.allow_zero = allow_zero
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        amount = parse_amount(text)
        if not amount and not self.allow_zero:
            raise ValidationError(_("An amount is at least one cent."), code="zero")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


class MapWidget(forms.Widget):
    """What a widget with a map has: where it opens as (latitude, longitude), tiles, its script."""

    script: str

    def __init__(self, *args: Any, **kwargs: Any):
        self.centre: tuple[float, float] = leaflet_settings["DEFAULT_CENTER"]
        super().__init__(*args, **kwargs)

    @property
    def tiles(self) -> dict[str, str]:
        """Address and credit of the map tiles, as the settings give them to every map."""
        _label, url, options = leaflet_settings["TILES"][0]
        return {"url": url, "attribution": options.get("attribution", "")}

    @property
    def media(self) -> forms.Media:
        scripts: list[Any] = ["leaflet/leaflet.js", Script(self.script, type="module")]
        return forms.Media(css={"all": ["leaflet/leaflet.css"]}, js=scripts)


class PlacePicker(MapWidget, forms.MultiWidget):
    """A place by a click on the map, by the map's centre (keyboard) or by coordinates.

    `centre` is (latitude, longitude) of the first view, `area_url` the GeoJSON of the boundary to
    show; a view sets them on the field's widget. Without scripts the coordinates remain.
    """

    field_template = "kern/place_picker.html"
    script = "js/place-picker.js"

    def __init__(self, attrs: dict[str, Any] | None = None):
        self.area_url = ""
        number = {"step": "any", "inputmode": "decimal"}
        super().__init__([forms.NumberInput(number), forms.NumberInput(number)], attrs)

    def decompress(self, value: tuple[float, float] | None) -> list[float | None]:
        return list(value) if value else [None, None]


class AreaDrawer(MapWidget, forms.Textarea):
    """The corners of an area: by clicks on a map, by the map's centre (keyboard), or as text."""

    field_template = "kern/area_drawer.html"
    script = "js/area-drawer.js"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({"rows": 6, "spellcheck": "false", **(attrs or {})})


class PlaceField(forms.MultiValueField):
    """A position in degrees (WGS84): cleans to (latitude, longitude) or None. Both or none."""

    widget = PlacePicker

    def __init__(self, **options: Any):
        half = _("A position needs both latitude and longitude.")
        latitude = forms.FloatField(
            label=_("Latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
        )
        longitude = forms.FloatField(
            label=_("Longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
        )
        options.setdefault("error_messages", {}).setdefault("incomplete", half)
        options.setdefault("label", _("Place on the map"))
        super().__init__((latitude, longitude), **options)

    def clean(self, value: Any) -> tuple[float, float] | None:
        parts = [part for part in value or [] if part not in self.empty_values]
        if len(parts) == 1:
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return super().clean(value)

    def compress(self, data_list: list[float]) -> tuple[float, float] | None:
        return (data_list[0], data_list[1]) if data_list else None
