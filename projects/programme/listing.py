"""What the lists of ideas and of projects have in common: order and map."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import JsonResponse
from django.views.generic import ListView

from projects.programme.forms import FieldFilterForm


class FilteredListView(ListView):
    """A list below its filter, which `get_queryset` makes from the address."""

    filter_form: FieldFilterForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter_form=self.filter_form, **kwargs)


def ordering(sort: str, sorts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The order of a list for `?sort=name` or `?sort=-name`; newest first for anything else."""
    fields = sorts.get(sort.removeprefix("-"))
    if fields is None:
        return ("-pk",)
    if not sort.startswith("-"):
        return fields
    return tuple(f.removeprefix("-") if f.startswith("-") else f"-{f}" for f in fields)


def points(rows: Iterable[Any], describe: Callable[[Any], Any]) -> JsonResponse:
    """A GeoJSON FeatureCollection (RFC 7946) of the rows with a place; longitude comes first."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": {
                "name": row.title,
                "url": row.get_public_url(),
                "text": str(describe(row)),
            },
        }
        for row in rows
        if row.latitude is not None
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
