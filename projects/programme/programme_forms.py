"""The forms of a programme: its resolution, its boundary, its goals, and who serves them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from projects.programme.programmes import Goal, Programme
from projects.programme.refusals import RefusableForm
from projects.programme.versions import VersionForm
from zentrum.common.forms import AreaDrawer, DateInput
from zentrum.files.checking import ACCEPT, check
from zentrum.office import areas
from zentrum.office.boundaries import read_boundary
from zentrum.office.models import Centre

MOST_KILOBYTES = 1024


class ProgrammeForm(VersionForm, forms.ModelForm):
    upload = forms.FileField(
        label=_("Document of the resolution"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF, pictures, office documents or text. Another one replaces the first."),
    )

    class Meta:
        model = Programme
        fields = ["centre", "name", "resolution", "resolved_on", "starts_on", "ends_on"]
        widgets = {"resolved_on": DateInput, "starts_on": DateInput, "ends_on": DateInput}

    field_order = [*Meta.fields, "upload"]

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any):
        super().__init__(*args, **kwargs)
        centre = self.fields["centre"]
        centre.queryset = Centre.objects.filter(pk__in=[row.pk for row in centres])
        if self.instance.pk:
            del self.fields["centre"]  # its goals stay where they are
            self.initial["version"] = self.instance.version
        elif len(centres) == 1:
            self.initial.setdefault("centre", centres[0].pk)

    def clean_upload(self) -> UploadedFile | None:
        if upload := self.cleaned_data["upload"]:
            check(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end lies before the start."))
        return values

    def changes(self) -> dict[str, Any]:
        names = [name for name in self.Meta.fields if name in self.fields]
        return {name: self.cleaned_data[name] for name in [*names, "upload"]}


class BoundaryForm(RefusableForm):
    """A GeoJSON file or its text."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        help_text=_("As geographic information systems write it, in degrees (WGS84)."),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=MOST_KILOBYTES * 1024,
    )

    # What is filled in first in this order counts; each is read by its function.
    readers: dict[str, Callable[[Any], dict[str, Any]]] = {
        "file": lambda given: read_boundary(_content(given)),
        "text": read_boundary,
    }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = next((name for name in self.readers if values.get(name)), None)
        if name is None:
            if not self.errors:
                self.add_error("file", _("Please draw the boundary or choose a file."))
            return values
        try:
            values["area"] = self.readers[name](values[name])
        except ValidationError as refusal:
            self.add_error(name, refusal)
        return values


def _content(given: UploadedFile) -> bytes:
    if (given.size or 0) > MOST_KILOBYTES * 1024:
        raise ValidationError(
            _("The file is too large: at most %(most)s kB."), params={"most": MOST_KILOBYTES}
        )
    return given.read()


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


class GoalForm(VersionForm, forms.ModelForm):
    text = forms.CharField(
        label=_("What it means"), required=False, max_length=20000, widget=forms.Textarea
    )

    class Meta:
        model = Goal
        fields = ["title", "text", "field_of_action"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field_of_action"].empty_label = _("None")
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ServedGoalsForm(VersionForm):
    """Which goals a project or an idea serves."""

    goals = forms.ModelMultipleChoiceField(
        Goal.objects.none(),
        label=_("Goals"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Of the programmes of this centre. None is possible, but then it counts as"
            " a gap in the coverage."
        ),
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.update(version=row.version, goals=[goal.pk for goal in row.goals.all()])
        goals = Goal.objects.of_centre(row.centre_id)
        self.fields["goals"].queryset = goals
        self.is_empty = not goals
        if len({goal.programme_id for goal in goals}) > 1:
            named = [(goal.pk, f"{goal} ({goal.programme})") for goal in goals]
            self.fields["goals"].choices = named

    def _saved(self, row: Any) -> list[tuple[str, Any]]:
        return [("goals", ", ".join(str(goal) for goal in row.goals.all()))]
