from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor, ActorQuerySet
from actors.premises.models import Occupancy, Unit
from actors.premises.requests import SpaceRequest
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput, MoneyField, PlaceField
from zentrum.office.access import centres_of

LONGEST_TEXT = 5000
MOST_SQUARE_METRES = 100_000
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day of our times: a mistyped year is refused, and days can be counted from it."""

    widget = DateInput

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


def _of_today(user: User, stored: int | None) -> ActorQuerySet:
    """Who may be chosen: nobody who is archived, except who stands in the form already."""
    actors = Actor.objects.visible_to(user)
    return actors.filter(Q(archived_at__isnull=True) | Q(pk=stored))


class UnitForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    place = PlaceField(required=False)
    rent = MoneyField(label=_("Rent (euro per month, net cold)"), required=False, allow_zero=True)
    owner = ActorChoice(
        label=_("Property owner"), required=False, help_text=_("Never shown to the public.")
    )

    class Meta:
        model = Unit
        fields = [
            "centre",
            "street",
            "number",
            "label",
            "place",
            "floor_area",
            "rent",
            "owner",
            "is_offered",
            "is_blurred",
            "public_text",
            "note",
        ]
        widgets = {
            "public_text": forms.Textarea({"rows": 3}),
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        centres = self.fields["centre"]
        centres.queryset = centres_of(user)
        if not self.instance.pk and len(choices := list(centres.queryset[:2])) == 1:
            centres.initial = choices[0]
        self.fields["owner"].queryset = _of_today(user, self.instance.owner_id)
        for name in ("public_text", "note"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_TEXT))
        self.fields["floor_area"].max_value = MOST_SQUARE_METRES
        if self.instance.pk and not self.is_bound:
            unit = self.instance
            self.initial["place"] = (
                None if unit.latitude is None else (unit.latitude, unit.longitude)
            )
            self.initial["owner"] = unit.owner
        self._look_at(centres.queryset.first())

    def clean_street(self) -> str:
        return " ".join(self.cleaned_data["street"].split())

    def clean_number(self) -> str:
        return " ".join(self.cleaned_data["number"].split())

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())

    def clean_floor_area(self) -> int | None:
        area = self.cleaned_data["floor_area"]
        if area is not None and area > MOST_SQUARE_METRES:
            raise forms.ValidationError(_("This is more than any shop has."))
        return area

    def _post_clean(self) -> None:
        latitude, longitude = self.cleaned_data.get("place") or (None, None)
        if "place" not in self.errors:
            self.instance.latitude, self.instance.longitude = latitude, longitude
        super()._post_clean()  # type: ignore[misc]  # not in the stubs

    def _look_at(self, first: Any) -> None:
        """The map of the place picker opens where the office is."""
        centre = self.instance.centre if self.instance.pk else first
        if centre and centre.latitude is not None:
            widget: Any = self.fields["place"].widget
            widget.centre = (centre.latitude, centre.longitude)


class OccupancyForm(forms.ModelForm):
    """What stands in a unit from a day on. The rules are the model's, shown in words."""

    seen_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    actor = ActorChoice(
        label=_("Who trades there?"), required=False, help_text=_("Leave empty for vacant ones.")
    )
    ends_previous = forms.BooleanField(
        label=_("what stood there before ends on the day before"), required=False, initial=True
    )

    class Meta:
        model = Occupancy
        fields = [
            "state",
            "actor",
            "shown_name",
            "starts_on",
            "ends_on",
            "source",
            "confidence",
            "note",
        ]
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = Actor.objects.visible_to(user)
        self.fields["note"].validators.append(MaxLengthValidator(LONGEST_TEXT))
        self.fields["ends_on"].help_text = _("Empty: until further notice.")
        self.fields["source"].help_text = _("Who said so, or where it was seen.")
        if self.instance.pk:
            del self.fields["ends_previous"]
            self.initial["seen_at"] = self.instance.updated_at.isoformat()
            self.initial["actor"] = self.instance.actor
        else:
            self.initial["starts_on"] = timezone.localdate()
            self.initial["confidence"] = Occupancy.Confidence.TOLD

    def validate_constraints(self) -> None:
        """Left to the service: it may first end what stood there before."""
        exclude = self._get_validation_exclusions()
        try:
            checks = [c for c in Occupancy._meta.constraints if c.name != "occupancy_one_at_a_time"]
            for constraint in checks:
                constraint.validate(Occupancy, self.instance, exclude=exclude)
        except forms.ValidationError as refusal:
            self.add_error(NON_FIELD_ERRORS, refusal)


class EndForm(forms.Form):
    on = DayField(label=_("Until"))


class SpaceRequestForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    actor = ActorChoice(label=_("Who looks for premises?"))
    rent_to = MoneyField(label=_("Rent at most (euro per month)"), required=False, allow_zero=True)

    class Meta:
        model = SpaceRequest
        fields = [
            "actor",
            "centre",
            "sector",
            "area_from",
            "area_to",
            "rent_to",
            "streets",
            "wanted_from",
            "note",
        ]
        field_classes = {"wanted_from": DayField}
        widgets = {"wanted_from": DateInput, "note": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        centres = self.fields["centre"]
        centres.queryset = centres_of(user)
        if not self.instance.pk and len(choices := list(centres.queryset[:2])) == 1:
            centres.initial = choices[0]
        self.fields["actor"].queryset = _of_today(user, self.instance.actor_id)
        if self.instance.pk:
            self.initial["actor"] = self.instance.actor
        self.fields["note"].validators.append(MaxLengthValidator(LONGEST_TEXT))
        for name in ("area_from", "area_to"):
            self.fields[name].validators.append(MaxValueValidator(MOST_SQUARE_METRES))


class SettleForm(forms.Form):
    result = forms.CharField(label=_("What came of it?"), required=False, max_length=300)
