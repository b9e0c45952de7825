from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zentrum.office.models import Town


def office(request: HttpRequest) -> dict[str, Any]:
    """The town for every template: name, office name, accent colour. One query, when it is used."""
    return {"town": SimpleLazyObject(Town.objects.order_by("pk").first)}
