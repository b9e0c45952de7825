from functools import cached_property, partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor, Sector
from actors.network.loading import EDGE_KINDS, NODE_KINDS
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput

DEPTHS = [("1", _("directly connected")), ("2", _("over one other"))]


class NetworkFilter(forms.Form):
    """What a picture of the network shows. A value that makes no sense narrows nothing."""

    filter_fields = "actors/network/_filter_fields.html"

    actor = ActorChoice(label=_("Around one actor"), required=False)
    depth = forms.ChoiceField(label=_("How far?"), choices=DEPTHS, required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    on = forms.DateField(label=_("As it was on"), required=False, widget=DateInput)
    first = forms.ChoiceField(label=_("Who connects the sector …"), required=False)
    second = forms.ChoiceField(label=_("… with the sector"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Show only"),
        choices=NODE_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    edges = forms.MultipleChoiceField(
        label=_("Only these connections"),
        choices=EDGE_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    alone = forms.BooleanField(label=_("also those who stand alone"), required=False)

    def __init__(self, data: QueryDict, *, user: User):
        visible = Actor.objects.visible_to(user)
        super().__init__(_with_name(data, visible))
        self.fields["actor"].queryset = visible
        self.fields["sector"].choices = partial(self._sector_choices, _("all"))
        for name in ("first", "second"):
            self.fields[name].choices = partial(self._sector_choices, _("Please choose"))
        self.is_valid()

    @cached_property
    def sectors(self) -> dict[str, Sector]:
        return {str(sector.pk): sector for sector in Sector.objects.all()}

    def _sector_choices(self, empty: Any) -> list[tuple[str, Any]]:
        """Asked for only where they are shown or one is chosen."""
        return [("", empty), *((key, sector.name) for key, sector in self.sectors.items())]

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def day(self) -> Any:
        return self.chosen.get("on") or timezone.localdate()

    def sector_of(self, name: str) -> Sector | None:
        key = self.chosen.get(name)
        return self.sectors.get(key) if key else None


def _with_name(data: QueryDict, actors: Any) -> QueryDict:
    """`?actor=7`, as links say it, as if somebody had chosen the actor by its name."""
    wish = data.get("actor", "")
    if not (wish.isascii() and wish.isdecimal() and len(wish) < 19):
        return data
    if actor := actors.filter(pk=wish).first():
        data = data.copy()
        data["actor"], data["actor_id"] = str(actor), str(actor.pk)
    return data
