from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from zentrum.office.models import Centre


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def areas(request: HttpRequest) -> JsonResponse:
    """The boundaries of the centres as GeoJSON (RFC 7946), or of the one that `centre` names."""
    centres = Centre.objects.exclude(area=None)
    chosen = request.GET.get("centre", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 10:
        centres = centres.filter(pk=chosen)
    features = [
        {"type": "Feature", "geometry": area, "properties": {"name": name}}
        for name, area in centres.order_by("pk").values_list("name", "area")
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
