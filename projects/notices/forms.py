from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from projects.notices.models import SiteNotice
from projects.notices.nearby import find_place
from zentrum.common.forms import AreaDrawer, DateInput
from zentrum.office import areas

SMALLEST, LARGEST = 5, 2000  # metres


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
        return areas.around(*find_place(place, actors), values["radius"])
