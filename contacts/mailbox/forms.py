from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from contacts.mailbox.models import IncomingMail, IncomingMailQuerySet, Mailbox
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING
from zentrum.common.forms import DateInput
from zentrum.office import access
from zentrum.office.models import Carrier

Action = IncomingMail.Action


class MailboxForm(forms.ModelForm):
    class Meta:
        model = Mailbox
        fields = [
            "name",
            "address",
            "carrier",
            "centre",
            "host",
            "port",
            "security",
            "user",
            "login",
            "secret_name",
            "folder",
            "starts_on",
            "is_active",
        ]
        widgets = {"starts_on": DateInput}

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        led = {m.carrier_id for m in acting.current_mandates if m.role in LEADING}
        self.fields["carrier"].queryset = Carrier.objects.filter(pk__in=led)
        self.fields["centre"].queryset = access.centres_led_by(acting)
        self.fields["port"].localize = False
        self.fields["port"].widget.is_localized = False

    def clean_address(self) -> str:
        return self.cleaned_data["address"].lower()

    def clean(self) -> dict[str, Any]:
        """A mailbox that an own mandate does not cover would be gone from sight at once."""
        values = super().clean() or self.cleaned_data
        if values.get("host") and not (values.get("user") and values.get("secret_name")):
            self.add_error("host", _("A mail server needs a user name and a secret."))
        return values


class CaseReferenceForm(forms.Form):
    """Another case, by its reference; only those that the person may see."""

    reference = forms.CharField(
        label=_("Reference of the other case"),
        max_length=20,
        help_text=_("Such as V-2026-0142."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_reference(self) -> Case:
        reference = self.cleaned_data["reference"].strip(" []").upper()
        if case := Case.objects.visible_to(self.user).filter(reference=reference).first():
            return case
        raise ValidationError(_("There is no case with this reference."))


class MailFilterForm(forms.Form):
    """Which incoming mails to list; at first those that wait for a person."""

    HELD_BACK = "held_back"
    SHOWN = [
        (HELD_BACK, _("held back")),
        ("automatic", _("automatic mail")),
        ("bounce", _("not delivered")),
        ("all", _("all")),
    ]
    show = forms.ChoiceField(label=_("What to show"), required=False, choices=SHOWN)

    def apply(self, mails: IncomingMailQuerySet) -> IncomingMailQuerySet:
        shown = self.cleaned_data["show"] if self.is_valid() else ""
        if shown == "all":
            return mails
        if shown in (Action.AUTOMATIC, Action.BOUNCE):
            return mails.filter(action=shown)
        return mails.quarantined()
