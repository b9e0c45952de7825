import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.bodies.models import Body, Quota, Seat
from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.office.access import centres_of


class BodyForm(forms.ModelForm):
    """A body and the actor that it is, on one page."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Task"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    contact = ActorChoice(label=_("Contact"), required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    class Meta:
        model = Body
        fields = [
            "kind",
            "is_external",
            "contact",
            "quorum_percent",
            "quorum_seats",
            "majority",
            "seats_planned",
            "rules_source",
        ]

    field_order = ("name", "kind", "description", "is_external", "website", "contact", "centre")

    def __init__(self, *args: Any, user: User, actor: Actor, **kwargs: Any) -> None:
        given = {name: getattr(actor, name) for name in ("name", "description", "website")}
        kwargs["initial"] = given | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["contact"].queryset = Actor.objects.visible_to(user).active()
        if not actor.pk:
            centres = centres_of(user)
            self.fields["centre"] = forms.ModelChoiceField(label=_("Centre"), queryset=centres)
            if len(choices := list(centres[:2])) == 1:
                self.fields["centre"].initial = choices[0]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("name", "description", "website", "centre"):
            if name in data:
                setattr(self.actor, name, data[name])
        if not self.actor.pk:
            self.actor.submission = data.get("submission")
        return data


class SeatForm(forms.ModelForm):
    person = ActorChoice(
        label=_("Person"), required=False, help_text=_("Empty: the seat is vacant.")
    )
    represents = ActorChoice(label=_("Speaks for"), required=False)
    deputy = ActorChoice(label=_("Deputy"), required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    class Meta:
        model = Seat
        fields = [
            "person",
            "group",
            "represents",
            "is_voting",
            "function",
            "deputy",
            "starts_on",
            "ends_on",
        ]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.visible_to(user).active()
        people = actors.filter(kind=Actor.Kind.PERSON)
        self.fields["person"].queryset = self.fields["deputy"].queryset = people
        self.fields["represents"].queryset = actors
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.instance.pk:
            self.instance.submission = data.get("submission")
        return data


class QuotaForm(forms.ModelForm):
    class Meta:
        model = Quota
        fields = ["group", "at_least_percent", "at_most_percent"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("at_least_percent") and not data.get("at_most_percent"):
            raise ValidationError(_("A quota needs a lowest or a highest share."))
        return data
