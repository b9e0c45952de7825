from django import forms
from django.core.exceptions import ValidationError


class RefusableForm(forms.Form):
    """A form whose values a service may still refuse after they have been found well-formed."""

    def refuse(self, refusal: ValidationError) -> None:
        """Show why the service refused, each error at its field when the form has it."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
