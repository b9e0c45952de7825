"""Forms on rows that two people may edit at the same time: the slower one loses nothing."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from projects.programme.refusals import RefusableForm


class VersionForm(RefusableForm):
    """Carries the version that the person has seen; after a refusal it shows both texts."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2147483647, required=False
    )
    theirs: list[tuple[str, str]] = []

    def show_theirs(self, row: Any) -> None:
        """Keep what was typed, list what is saved now, and let the next save go through."""
        self.data = data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(row.version)
        self.theirs = [
            (str(self.fields[name].label), _in_words(saved))
            for name, saved in self._saved(row)
            if saved != self.cleaned_data.get(name)
        ]

    def _saved(self, row: Any) -> list[tuple[str, Any]]:
        names = [name for name in self.fields if name != "version" and hasattr(row, name)]
        saved = [(name, getattr(row, name)) for name in names]
        if "position" in self.fields:
            saved.append(("position", position_of(row)))
        return saved


def position_of(row: Any) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS84), if the row has a place."""
    return None if row.latitude is None else (row.latitude, row.longitude)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in (None, "") else str(value)
