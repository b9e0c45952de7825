from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.models import User


class UserFilterForm(forms.Form):
    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=200)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "phone"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(
                _("There is already an account with this address."), code="unique"
            )
        return email


class UserUpdateForm(UserForm):
    class Meta(UserForm.Meta):
        fields = ["name", "email", "phone", "is_active"]
        help_texts = {"is_active": _("Who is not active cannot sign in. What they did stays.")}

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting

    def clean_is_active(self) -> bool:
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.instance == self.acting:
            raise ValidationError(_("You cannot deactivate your own account."))
        return is_active
