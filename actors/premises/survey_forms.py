from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.premises.forms import LONGEST_TEXT, DayField
from actors.premises.walks import Sighting, Walk
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.office.access import centres_of


class WalkForm(forms.ModelForm):
    """A survey of one street, or of all."""

    street = forms.ChoiceField(label=_("Street"), required=False)

    class Meta:
        model = Walk
        fields = ["centre", "street", "walked_on", "note"]
        field_classes = {"walked_on": DayField}
        widgets = {"walked_on": DateInput, "note": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, user: User, streets: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = [(street, street) for street in streets]
        fields: Any = self.fields
        fields["street"].choices = [("", _("All streets")), *names]
        centres = fields["centre"]
        centres.queryset = centres_of(user)
        if len(choices := list(centres.queryset[:2])) == 1:
            self.initial["centre"] = choices[0]
        self.initial["walked_on"] = timezone.localdate()
        self.fields["note"].validators.append(MaxLengthValidator(LONGEST_TEXT))

    def clean_walked_on(self) -> date:
        day = self.cleaned_data["walked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("What was seen was seen today or earlier."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        walk = Walk(centre=data.get("centre"), street=data.get("street", ""))
        if data.get("centre") and not walk.units.exists():
            self.add_error("street", _("There are no premises in this street of the centre yet."))
        return data


class SightingForm(forms.ModelForm):
    class Meta:
        model = Sighting
        fields = ["state", "shown_name"]

    def clean_shown_name(self) -> str:
        return " ".join(self.cleaned_data["shown_name"].split())
