"""Which actors a page of care is about: by word, sector, street, centre and contact person."""

from typing import Any, cast

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.care.gaps import actors_in
from actors.care.models import ContactPerson
from actors.directory.models import Actor, ActorQuerySet, Sector
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING, OFFICE, Role
from zentrum.office.access import centres_of
from zentrum.office.models import Centre, Mandate

NOBODY = "nobody"
MONTHS = (3, 6, 9, 12, 18, 24)
USUAL_MONTHS = 6


class CareFilter(forms.Form):
    """A value that makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("Name, street, text")}),
    )
    person = forms.ChoiceField(label=_("Contact person"), required=False)
    street = forms.CharField(
        label=_("Street"),
        required=False,
        max_length=200,
        validators=[ProhibitNullCharactersValidator()],
        widget=forms.TextInput({"placeholder": _("without house number")}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Actor.Kind.choices]
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(), label=_("Sector"), required=False, empty_label=_("all")
    )
    centre = forms.ModelChoiceField(
        queryset=Centre.objects.none(), label=_("Centre"), required=False, empty_label=_("all")
    )
    roles: tuple[Role, ...] = OFFICE

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        centres = centres_of(user, self.roles)
        self.centres = list(centres)
        person = cast("forms.ChoiceField", self.fields["person"])
        people = [(str(one.pk), str(one)) for one in carers(user)]
        person.choices = [("", _("all")), (NOBODY, _("nobody")), *people]
        cast("forms.ModelChoiceField", self.fields["centre"]).queryset = centres
        if len(self.centres) < 2:
            del self.fields["centre"]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, actors: ActorQuerySet) -> ActorQuerySet:
        chosen = self.chosen
        actors = actors.active()
        for name in ("kind", "centre"):
            if name in chosen:
                actors = actors.filter(**{name: chosen[name]})
        if "sector" in chosen:
            actors = actors.filter(sectors=chosen["sector"])
        if "street" in chosen:
            actors = actors.filter(pk__in=actors_in(chosen["street"]))
        if person := chosen.get("person"):
            held = ContactPerson.objects.current(timezone.localdate()).order_by()
            if person == NOBODY:
                actors = actors.exclude(pk__in=held.values("actor"))
            else:
                actors = actors.filter(pk__in=held.filter(user=person).values("actor"))
        return actors.matching(chosen.get("q", ""))


class RadarFilter(CareFilter):
    """Also: for how many months there was no contact."""

    months = forms.TypedChoiceField(
        label=_("Without contact for"),
        required=False,
        coerce=int,
        initial=USUAL_MONTHS,
        choices=[(number, _("%(months)s months") % {"months": number}) for number in MONTHS],
    )
    field_order = ("months", "q", "kind", "person", "street", "sector", "centre")

    def __init__(self, data: QueryDict, *, user: User) -> None:
        data = data.copy()
        if str(data.get("months")) not in map(str, MONTHS):
            data["months"] = str(USUAL_MONTHS)
        super().__init__(data, user=user)

    @property
    def chosen_months(self) -> int:
        return int(self.chosen.get("months", USUAL_MONTHS))


class HandoverFilter(CareFilter):
    """Whose actors are handed over: of one centre that the user leads."""

    roles = LEADING

    def __init__(self, data: QueryDict, *, user: User) -> None:
        data = data.copy()
        centres = centres_of(user, self.roles)
        if not data.get("centre") and (first := centres.first()):
            data["centre"] = str(first.pk)
        super().__init__(data, user=user)
        if "centre" in self.fields:
            cast("forms.ModelChoiceField", self.fields["centre"]).empty_label = None

    @property
    def one_centre(self) -> Any:
        return self.chosen.get("centre") or next(iter(self.centres), None)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the centre is chosen: nobody hands over a whole town by mistake."""
        return bool(self.chosen.keys() - {"centre"})

    @property
    def from_user(self) -> User | None:
        person = self.chosen.get("person", "")
        return User.objects.filter(pk=person).first() if person.isdecimal() else None

    def narrow(self, actors: ActorQuerySet) -> ActorQuerySet:
        return super().narrow(actors.filter(centre=self.one_centre))


def carers(user: User) -> QuerySet[User]:
    """The office staff of the user's centres, and whoever looks after an actor there still.

    Who has left the office without a hand-over must be found above all.
    """
    today = timezone.localdate()
    centres = centres_of(user).values("pk")
    covering = Q(centre__in=centres) | Q(centre__isnull=True)
    staff = Mandate.objects.current(today).filter(covering, role__in=OFFICE).values("user")
    caring = ContactPerson.objects.current(today).filter(actor__centre__in=centres).order_by()
    either = Q(pk__in=staff, is_active=True) | Q(pk__in=caring.values("user"))
    return User.objects.filter(either).order_by("name", "pk")
