"""Three things no page can be faster than: they pass the same middleware and the same sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from contacts.models import Case

ROWS = [
    {"number": number, "name": f"Laden {number} & Co", "street": f"Turmstraße {number}"}
    for number in range(115)
]


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def template(request: HttpRequest) -> HttpResponse:
    """20 kB of a table: per row three texts from a loop, no tag, no filter, no query."""
    return render(request, "local/benchmark_floor.html", {"rows": ROWS})


def one_row(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(Case.objects.only("subject").get(pk=pk).subject)


urlpatterns = [
    path("", include("zentrum.urls")),
    path("messen/konstante/", constant, name="floor_constant"),
    path("messen/vorlage/", template, name="floor_template"),
    path("messen/zeile/<int:pk>/", one_row, name="floor_row"),
]
