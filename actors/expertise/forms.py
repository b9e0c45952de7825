from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.expertise.models import Expertise, FieldOfExpertise
from zentrum.common.forms import DateInput


class ExpertiseForm(forms.ModelForm):
    """The field is typed; one that is spelled alike and exists already is taken."""

    name = forms.CharField(
        label=_("Field of expertise"),
        max_length=100,
        help_text=_("Such as monument law, lighting, shop windows."),
        widget=forms.TextInput(attrs={"list": "fields-of-expertise", "autocomplete": "off"}),
    )

    class Meta:
        model = Expertise
        fields = ["name", "note", "source", "last_used_on"]
        widgets = {"last_used_on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "note", "source", "last_used_on"])
        if self.instance.pk:
            self.fields["name"].initial = self.instance.field.name

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def known_fields(self) -> list[str]:
        return list(FieldOfExpertise.objects.values_list("name", flat=True))


class HelpForm(forms.Form):
    q = forms.CharField(label=_("Who can help with …?"), max_length=200, required=False)
