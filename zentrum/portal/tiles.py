from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from zentrum.portal import tiling

DAY = 24 * 60 * 60


@login_not_required
@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A tile of the map; elsewhere the grey one, as a missing picture would only look broken."""
    picture = tiling.tile(z, x, y) if tiling.is_served(z, x, y) else tiling.GREY
    response = HttpResponse(picture.content, content_type=picture.content_type)
    patch_cache_control(response, public=True, max_age=60 if picture.is_stand_in else 7 * DAY)
    return response
