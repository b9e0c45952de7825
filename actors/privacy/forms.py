from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.consenting import NOT_OF_A_PERSON, ONLY_LISTED, past_day
from actors.directory.models import Actor
from actors.privacy.deciding import ACTIONS
from actors.privacy.models import Consent, RetentionRule
from actors.privacy.planning import Plan
from zentrum.common.forms import DateInput

LONGEST_MONTHS = 600


class ConsentForm(forms.ModelForm):
    class Meta:
        model = Consent
        fields = ["purpose", "text_version", "given_on", "source"]
        widgets = {"given_on": DateInput}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.instance.actor = actor
        self.fields["given_on"].initial = timezone.localdate()
        choices = [("", _("Please choose")), *Consent.Purpose.choices]
        self.fields["purpose"].choices = choices

    def clean_given_on(self) -> date:
        return past_day(self.cleaned_data["given_on"])

    def clean_purpose(self) -> str:
        purpose = self.cleaned_data["purpose"]
        if self.instance.actor.kind == Actor.Kind.PERSON and purpose in ONLY_LISTED:
            raise forms.ValidationError(NOT_OF_A_PERSON)
        return purpose


class WithdrawForm(forms.Form):
    withdrawn_on = forms.DateField(label=_("withdrawn on"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].initial = timezone.localdate()

    def clean_withdrawn_on(self) -> date:
        return past_day(self.cleaned_data["withdrawn_on"])


class EraseForm(forms.Form):
    """The confirmation of an erasure; the ticks stand beside what they are about."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_offered = forms.BooleanField(
        label=_("The cases were offered to the archive, and it has answered."), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Such as: request of 3 May. Without the name: the log is kept."),
    )
    name = forms.CharField(
        label=_("Type the name of the actor to confirm"),
        max_length=350,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, plan: Plan):
        super().__init__(data, initial={"fingerprint": plan.fingerprint})
        if not plan.to_offer:
            del self.fields["is_offered"]


class RuleForm(forms.ModelForm):
    class Meta:
        model = RetentionRule
        fields = ["months", "action", "purpose", "legal_basis", "recipients", "is_active"]
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("purpose", "legal_basis")} | {
            "recipients": forms.Textarea({"rows": 2})
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        actions = ACTIONS[self.instance.data_class]
        self.fields["action"].choices = [(action.value, action.label) for action in actions]
        self.fields["months"] = forms.IntegerField(
            label=self.fields["months"].label, min_value=1, max_value=LONGEST_MONTHS
        )
        for name in ("purpose", "legal_basis", "recipients"):
            self.fields[name].max_length = 2000
            self.fields[name].validators.append(forms.CharField(max_length=2000).validators[0])


class DecisionForm(forms.Form):
    """Keep a proposed row with a reason, or carry the rule out."""

    decision = forms.ChoiceField(choices=[("keep", ""), ("carry_out", "")])
    reason = forms.CharField(max_length=300, required=False)
    is_offered = forms.BooleanField(required=False)
