"""What the filters above the lists of ideas and of projects have in common."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.programme.models import FieldOfAction
from zentrum.office.models import Centre


class FieldFilterForm(forms.Form):
    """Words and field of action; a list adds what else it can be narrowed by."""

    q = forms.CharField(label=_("Search text"), max_length=200, required=False)
    field = forms.ModelChoiceField(
        FieldOfAction.objects.all(),
        label=_("Field of action"),
        required=False,
        empty_label=_("All"),
    )
    columns = {"field": "field_of_action", "centre": "centre"}

    def narrow_columns(self, rows: Any) -> Any:
        """The rows with exactly what was chosen; a wrong field narrows nothing."""
        self.is_valid()
        for name, column in self.columns.items():
            if value := self.cleaned_data.get(name):
                rows = rows.filter(**{column: value})
        return rows


class CentreFilterForm(FieldFilterForm):
    """The same for staff, who may choose among their centres when there are several."""

    centre = forms.TypedChoiceField(label=_("Centre"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["centre"].choices = [("", _("All")), *((c.pk, c.name) for c in centres)]
        if len(centres) < 2:
            del self.fields["centre"]
