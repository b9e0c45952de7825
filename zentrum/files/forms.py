from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy, ngettext

from zentrum.files.checking import ACCEPT, check

MOST_FILES = 5


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads at once, each checked; gives a list, empty when nothing was chosen."""

    widget = FilesInput

    def __init__(self, *, most: int = MOST_FILES, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Files"))
        options.setdefault("widget", FilesInput(attrs={"accept": ACCEPT}))
        self.most = most
        super().__init__(**options)
        if not self.help_text:
            self.help_text = gettext_lazy("PDF, pictures, office documents or text.")

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            super().clean(None, initial)
            return []
        if len(uploads) > self.most:
            message = ngettext(
                "Please choose at most %(most)s file.",
                "Please choose at most %(most)s files.",
                self.most,
            )
            raise ValidationError(message, code="too_many", params={"most": self.most})
        self._check_each(uploads)
        return uploads

    def _check_each(self, uploads: list[UploadedFile]) -> None:
        errors: list[ValidationError] = []
        for upload in uploads:
            try:
                check(upload)
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
