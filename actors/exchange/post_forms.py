from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.exchange.models import LetterTemplate
from actors.exchange.post import LABELS_PER_SHEET


class LabelsForm(forms.Form):
    """Where on a sheet that was begun the labels go on."""

    first = forms.IntegerField(
        label=_("First free label on the sheet"),
        help_text=_("1 to 24, row by row. The sheet has 3 × 8 labels of 70 × 37 mm."),
        min_value=1,
        max_value=LABELS_PER_SHEET,
        initial=1,
    )


class LettersForm(forms.Form):
    """Which letter, and how it is handed out."""

    SHAPES = [
        ("document", _("one document, each letter on a new page")),
        ("zip", _("one document per actor, packed as ZIP")),
    ]
    template = forms.ModelChoiceField(
        LetterTemplate.objects.order_by("name"),
        label=_("Letter template"),
        empty_label=_("Please choose"),
    )
    shape = forms.ChoiceField(
        label=_("As"), choices=SHAPES, initial="document", widget=forms.RadioSelect
    )


class LetterTemplateForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Word document"),
        help_text=_("A .docx file with placeholders such as {{ name }}."),
        widget=forms.ClearableFileInput(
            {
                "accept": ".docx,application/vnd.openxmlformats-officedocument"
                ".wordprocessingml.document"
            }
        ),
    )

    class Meta:
        model = LetterTemplate
        fields = ["name"]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if not upload.name.lower().endswith(".docx"):
            raise forms.ValidationError(_("Please choose a Word document (.docx)."))
        return upload
