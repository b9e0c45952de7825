from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from leaflet import app_settings as leaflet_settings

from actors.directory.models import Actor
from projects.pipeline import areas
from projects.pipeline.site_notices import SiteNotice
from projects.programme.programme_forms import BoundaryForm
from zentrum.common.forms import DateInput
from zentrum.office.models import Centre

SMALLEST, LARGEST = 5, 2000  # metres


class AreaDrawer(forms.Textarea):
    """The corners of an area: by clicks on a map, by the map's centre (keyboard), or as text."""

    field_template = "kern/area_drawer.html"

    def __init__(self, attrs: dict[str, Any] | None = None):
        self.centre: tuple[float, float] = leaflet_settings["DEFAULT_CENTER"]
        super().__init__({"rows": 6, "spellcheck": "false", **(attrs or {})})

    @property
    def tiles(self) -> dict[str, str]:
        _label, url, options = leaflet_settings["TILES"][0]
        return {"url": url, "attribution": options.get("attribution", "")}

    @property
    def media(self) -> forms.Media:
        scripts: list[Any] = ["leaflet/leaflet.js", Script("js/area-drawer.js", type="module")]
        return forms.Media(css={"all": ["leaflet/leaflet.css"]}, js=scripts)


class DrawnBoundaryForm(BoundaryForm):
    """The boundary of a funding area: also drawn; a file or its text wins over the drawing."""

    corners = forms.CharField(
        label=_("Boundary on the map"),
        max_length=20000,
        required=False,
        widget=AreaDrawer,
        help_text=_("The corners one after the other around the funding area."),
    )
    readers = BoundaryForm.readers | {"corners": areas.from_corners}
    field_order = ["corners", "file", "text"]

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if centre.latitude is not None:
            self.fields["corners"].widget.centre = (centre.latitude, centre.longitude)
        if centre.area and _is_drawable(centre.area):
            self.initial["corners"] = areas.corners_of(centre.area)


def _is_drawable(area: dict[str, Any]) -> bool:
    """Whether corners say all of it: in one part, without holes, and not too many."""
    if area["type"] != "Polygon":
        return False
    outline, *holes = area["coordinates"]
    return not holes and len(outline) <= areas.MOST_CORNERS


class SiteNoticeForm(forms.ModelForm):
    corners = forms.CharField(
        label=_("Area on the map"),
        max_length=20000,
        required=False,
        widget=AreaDrawer,
        help_text=_("The corners one after the other around the building site."),
    )
    around = forms.CharField(
        label=_("Or around an address"),
        max_length=200,
        required=False,
        help_text=_("Street and number as in the directory, or latitude and longitude."),
    )
    radius = forms.IntegerField(
        label=_("Radius in metres"), min_value=SMALLEST, max_value=LARGEST, required=False
    )

    class Meta:
        model = SiteNotice
        fields = ["title", "text", "starts_on", "ends_on", "contact", "buffer", "is_public"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    field_order = [*Meta.fields[:5], "corners", "around", "radius", "buffer", "is_public"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.project = self.instance.project
        centre = self.project.centre
        if self.project.latitude is not None:
            self.fields["corners"].widget.centre = (self.project.latitude, self.project.longitude)
        elif centre.latitude is not None:
            self.fields["corners"].widget.centre = (centre.latitude, centre.longitude)
        if self.instance.pk:
            self.initial["corners"] = areas.corners_of(self.instance.area)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > 5000:
            raise ValidationError(_("Please write at most 5,000 characters."))
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.has_error("corners") or self.has_error("around") or self.has_error("radius"):
            return values
        try:
            self.instance.area = self._area(values)
        except ValidationError as refusal:
            self.add_error("around" if values.get("around") else "corners", refusal)
        return values

    def _area(self, values: dict[str, Any]) -> dict[str, Any]:
        corners, place = values.get("corners"), values.get("around")
        if corners and place:
            raise ValidationError(_("Either draw the area or name an address, not both."))
        if corners:
            return areas.from_corners(corners)
        if not place:
            raise ValidationError(_("Please draw the area, or name an address with a radius."))
        if not values.get("radius"):
            raise ValidationError(_("Please say how many metres around this address."))
        actors = Actor.objects.active().filter(centre=self.project.centre_id)
        return areas.around(*areas.find_place(place, actors), values["radius"])
