"""Which actors a list, its map and its count show."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, ActorQuerySet, Sector
from zentrum.accounts.models import User
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

SORTS = {"name": ("sort_text", "pk"), "-name": ("-sort_text", "-pk")}
STATES = [("", _("current")), ("archived", _("archived"))]


class ActorFilter(forms.Form):
    """What a list of actors may be narrowed to. A value that makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Name, street, text")}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Actor.Kind.choices]
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(), label=_("Sector"), required=False, empty_label=_("all")
    )
    centre = forms.ModelChoiceField(
        Centre.objects.none(), label=_("Centre"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def __init__(self, data: QueryDict, *, user: User):
        super().__init__(data)
        centres = list(centres_of(user))
        cast("forms.ModelChoiceField", self.fields["centre"]).queryset = centres_of(user)
        if len(centres) < 2:
            del self.fields["centre"]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, actors: ActorQuerySet) -> ActorQuerySet:
        chosen = self.chosen
        if chosen.get("state") == "archived":
            actors = actors.filter(archived_at__isnull=False)
        else:
            actors = actors.active()
        for name in ("kind", "centre"):
            if name in chosen:
                actors = actors.filter(**{name: chosen[name]})
        if "sector" in chosen:
            actors = actors.filter(sectors=chosen["sector"])
        return actors.matching(chosen.get("q", ""))


def sorted_by(actors: ActorQuerySet, wish: str) -> ActorQuerySet:
    return actors.order_by(*SORTS.get(wish, SORTS["name"]))
