from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from projects.documents.models import Document
from projects.programme.refusals import RefusableForm
from zentrum.files.checking import ACCEPT, check, clean_name


class DocumentForm(RefusableForm, forms.ModelForm):
    class Meta:
        model = Document
        fields = ["title", "is_public"]


class DocumentCreateForm(DocumentForm):
    upload = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF, pictures, office documents or text."),
    )

    field_order = ["upload", "title", "is_public"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the name of the file.")

    def clean_upload(self) -> UploadedFile:
        upload = self.cleaned_data["upload"]
        check(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("upload") and not values.get("title"):
            name = PurePath(clean_name(values["upload"].name or "")).stem
            values["title"] = self.instance.title = name[:200]
        return values
