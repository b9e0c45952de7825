from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def refuse_null_bytes(get_response: Callable[[HttpRequest], HttpResponse]):
    """PostgreSQL cannot store NULL bytes: an address that carries one is refused before any query.

    Form fields are covered by Django's own ProhibitNullCharactersValidator, which keeps the input.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or any("\0" in part for part in _query_parts(request)):
            raise BadRequest("The address contains a NULL byte.")
        return get_response(request)

    return middleware


def _query_parts(request: HttpRequest) -> list[str]:
    return [part for name, values in request.GET.lists() for part in (name, *values)]
