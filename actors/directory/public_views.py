"""Who is who, for everybody: organisations and bodies that agreed, with what they agreed to."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from actors.directory.models import MOST_WORDS, Actor, ActorQuerySet, Address, Sector
from actors.directory.places import feature_collection
from zentrum.common.text import normalise

HIDDEN = ("description", "search_text")  # what the office wrote for itself
CONTACT_DATA = "contact_data"  # purpose of a consent
PAGE = "actors:directory_public_detail"


class PublicFilter(forms.Form):
    """A value that makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Name or street")}),
    )
    sector = forms.ModelChoiceField(
        Sector.objects.none(), label=_("Sector"), required=False, empty_label=_("all")
    )

    def __init__(self, data: QueryDict):
        super().__init__(data)
        listed: Any = self.fields["sector"]
        listed.queryset = Sector.objects.filter(actors__in=Actor.objects.public()).distinct()
        self.is_valid()

    def narrow(self, actors: ActorQuerySet) -> ActorQuerySet:
        """By words of what is shown: the internal description is not searched."""
        if sector := self.cleaned_data.get("sector"):
            actors = actors.filter(sectors=sector)
        for word in normalise(self.cleaned_data.get("q", "")).split()[:MOST_WORDS]:
            there = Address.objects.filter(is_main=True, search_text__contains=word)
            actors = actors.filter(Q(sort_text__contains=word) | Q(pk__in=there.values("actor")))
        return actors


def _listed(request: HttpRequest) -> tuple[PublicFilter, ActorQuerySet]:
    wish = PublicFilter(request.GET)
    return wish, wish.narrow(Actor.objects.public().defer(*HIDDEN)).order_by("sort_text", "pk")


@method_decorator(login_not_required, name="dispatch")
class DirectoryPublicView(ListView):
    template_name = "actors/directory/public_list.html"
    paginate_by = 24

    def get_queryset(self) -> ActorQuerySet:
        self.filter, actors = _listed(self.request)
        return actors.prefetch_related("sectors", "addresses")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter=self.filter, **kwargs)


@login_not_required
def directory_public_points(request: HttpRequest) -> JsonResponse:
    _wish, actors = _listed(request)
    return _geojson(actors)


@method_decorator(login_not_required, name="dispatch")
class DirectoryPublicDetailView(DetailView):
    template_name = "actors/directory/public_detail.html"

    def get_queryset(self) -> ActorQuerySet:
        return Actor.objects.public().defer(*HIDDEN).prefetch_related("sectors", "addresses")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        actor = self.object
        address = next((row for row in actor.addresses.all() if row.is_main), None)
        context |= {"address": address, "has_place": address and address.latitude is not None}
        if Actor.objects.filter(pk=actor.pk).consenting(CONTACT_DATA).exists():
            context |= {"emails": actor.emails.all(), "phones": actor.phones.all()}
        return context


@login_not_required
def directory_public_point(request: HttpRequest, pk: int) -> JsonResponse:
    actor = get_object_or_404(Actor.objects.public(), pk=pk)
    return _geojson(Actor.objects.filter(pk=actor.pk))


def _geojson(actors: ActorQuerySet) -> JsonResponse:
    content = feature_collection(actors, page=PAGE)
    return JsonResponse(content, content_type="application/geo+json")
