from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware as BaseMiddleware


class HistoryMiddleware(BaseMiddleware):
    """Every change is kept with who acted and for which carrier they acted at that moment."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        if request.user.is_authenticated:
            context["carriers"] = sorted({m.carrier_id for m in request.user.current_mandates})
        return context
