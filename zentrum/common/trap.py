"""A field that no person sees: what fills it in is a machine (no puzzle for people)."""

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext_lazy as _

TRAP = "extra_subject"


class TrappedForm(forms.Form):
    extra_subject = forms.CharField(
        label=_("Please leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @staticmethod
    def trap() -> Div:
        """The field, for the layout: out of sight, and silent for screen readers."""
        part = Div(TRAP, css_class="kern-sr-only")
        part.attrs = {"aria-hidden": "true"}
        return part

    @property
    def is_trapped(self) -> bool:
        """A machine filled in what no person sees."""
        return bool(self.cleaned_data.get(TRAP))
