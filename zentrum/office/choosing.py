"""Choose among centres in a form."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from zentrum.office.models import Centre


def offer_centres(form: forms.Form, centres: list[Centre]) -> None:
    """Let a filter be narrowed to one of these centres; where there is only one, ask nothing.

    The rows are at hand, so the field `centre` (a TypedChoiceField of ids) asks no query for them.
    """
    if len(centres) < 2:
        del form.fields["centre"]
        return
    choices = [("", _("All")), *((centre.pk, centre.name) for centre in centres)]
    cast("forms.ChoiceField", form.fields["centre"]).choices = choices
