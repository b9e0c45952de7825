from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.exchange.models import LetterTemplate
from actors.exchange.post import LABELS_PER_SHEET
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING
from zentrum.office.access import centres_of


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
        LetterTemplate.objects.none(),
        label=_("Letter template"),
        empty_label=_("Please choose"),
    )
    shape = forms.ChoiceField(
        label=_("As"), choices=SHAPES, initial="document", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        templates = LetterTemplate.objects.visible_to(user)
        choice = cast("forms.ModelChoiceField", self.fields["template"])
        choice.queryset = templates.order_by("name", "pk")


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
        fields = ["name", "centre"]

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        """Who leads one centre is not asked for which one; who leads all may mean the town."""
        super().__init__(*args, **kwargs)
        centres = list(centres_of(user, LEADING))
        leads_all = any(m.role in LEADING and m.centre_id is None for m in user.current_mandates)
        if len(centres) == 1 and not leads_all:
            self.instance.centre = centres[0]
            del self.fields["centre"]
            return
        centre = cast("forms.ModelChoiceField", self.fields["centre"])
        centre.queryset = centres_of(user, LEADING)
        centre.required = not leads_all
        centre.empty_label = _("the whole town") if leads_all else _("Please choose")
        if not leads_all:
            centre.help_text = ""

    def _get_validation_exclusions(self) -> set[str]:
        """The name is once in a centre: that is checked even when nobody was asked which one."""
        return super()._get_validation_exclusions() - {"centre"}  # type: ignore[misc]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if not upload.name.lower().endswith(".docx"):
            raise forms.ValidationError(_("Please choose a Word document (.docx)."))
        return upload
