import uuid
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.care.colleagues import candidates
from actors.care.models import Visit
from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.office.models import Centre

LONGEST_TEXT = 10_000


class ContactPersonForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Person at the office"))
    starts_on = forms.DateField(
        label=_("Valid from"),
        widget=DateInput,
        initial=timezone.localdate,
        help_text=_("Whoever looks after the actor now does so until the day before."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = candidates(actor.centre_id)
        cast("forms.ModelChoiceField", self.fields["user"]).queryset = people


class HandoverForm(forms.Form):
    """To whom the chosen actors go, and when."""

    to_user = forms.ModelChoiceField(User.objects.none(), label=_("To"))
    on = forms.DateField(label=_("Valid from"), widget=DateInput, initial=timezone.localdate)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands at the top of the hand-over file."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, centre: Centre | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = candidates(centre) if centre else User.objects.none()
        cast("forms.ModelChoiceField", self.fields["to_user"]).queryset = people


class VisitForm(forms.ModelForm):
    """What was said at a stop. An empty text is fine: then the visit is only ticked."""

    before = forms.CharField(required=False, max_length=LONGEST_TEXT, widget=forms.HiddenInput)
    at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Visit
        fields = ["text", "met_nobody"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["before"] = self.instance.text

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            message = _("Please write at most %(most)s characters.")
            raise ValidationError(message, params={"most": LONGEST_TEXT})
        return text


class StopForm(forms.Form):
    """One more stop on a round."""

    actor = ActorChoice(label=_("Actor"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.visible_to(user).active()
        cast("ActorChoice", self.fields["actor"]).queryset = actors


class RoundForm(forms.Form):
    """A round on another day than today."""

    on = forms.DateField(label=_("Day"), widget=DateInput, initial=timezone.localdate)
    actor = ActorChoice(label=_("First stop"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.visible_to(user).active()
        cast("ActorChoice", self.fields["actor"]).queryset = actors
