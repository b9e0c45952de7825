from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from contacts.cases.models import Case
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.files.forms import FilesField
from zentrum.office import people

LONGEST_TEXT = 20_000
GREATEST = 2_147_483_647


class ActionForm(forms.Form):
    """A step on a case. Carries the version that the person saw, and the last entry they read.

    `name` is its prefix and its word in addresses, `view` the address that takes it, `label` what
    the step is called and `button` what the button says.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    name = ""
    view = ""
    label: Any = ""
    button: Any = ""
    do_not_call_in_templates = True  # a template that names the class would make a form of it

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", self.name)
        kwargs["initial"] = {"version": case.version} | kwargs.get("initial", {})
        super().__init__(data, files, **kwargs)
        self.case = case

    @classmethod
    def unbound(cls, case: Case, user: User, seen: int) -> Self:
        """The empty form, for somebody who has read the timeline up to the entry `seen`."""
        return cls(case=case, initial={"seen": seen})

    def refuse(self, refusal: ValidationError) -> None:
        self.add_error(None, refusal.messages)

    def keep(self, user: User) -> None:
        """Called when the step was refused: what must not get lost is stored."""

    def catch_up(self) -> None:
        """Let the next press go through, now that the person sees what is new."""
        self.data = data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(self.case.version)


def long_text(label: Any, *, rows: int = 5, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=widget, **options)


class NoteForm(ActionForm):
    name = "note"
    version = None
    text = long_text(_("Internal note"), rows=3)


class HandOverForm(ActionForm):
    name = "hand_over"
    view = "contacts:case_hand_over"
    label = button = _("Hand over")
    to = forms.ModelChoiceField(label=_("New owner"), queryset=User.objects.none())
    note = forms.CharField(label=_("Note for the colleague"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = people.colleagues(self.case.carrier_id, self.case.centre_id)
        self.fields["to"].queryset = staff.exclude(pk=self.case.owner_id)


class WaitForm(ActionForm):
    name = "wait"
    view = "contacts:case_wait"
    label = button = _("Let it wait")
    waiting_on = forms.ChoiceField(
        label=_("Waiting for"), choices=Case.WaitingOn.choices, widget=forms.RadioSelect
    )
    waiting_for = forms.CharField(
        label=_("What for?"),
        max_length=200,
        help_text=_("The sender reads it, on the status page and in a mail."),
    )
    until = forms.DateField(label=_("Until"), widget=DateInput)


class PromiseForm(ActionForm):
    name = "promise"
    view = "contacts:case_promise"
    label, button = _("Promise a new date"), _("Promise the date")
    reply_by = forms.DateField(label=_("New date"), widget=DateInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("One sentence for the sender, such as: The building yard answers next week."),
    )


class CloseForm(ActionForm):
    name = "close"
    view = "contacts:case_close"
    label = button = _("Close the case")
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "---------"), *Case.Outcome.choices]
    )
    outcome_text = long_text(
        _("What came of it?"),
        rows=3,
        required=False,
        help_text=_("The sender reads this on the status page."),
    )


class StepForm(ActionForm):
    """A step that needs no words: take up again, open again."""


class LinkActorForm(ActionForm):
    name = "actor"
    view = "contacts:case_link_actor"
    label, button = _("Link an actor"), _("Link the actor")
    actor = ActorChoice(label=_("Actor"), required=False, help_text=_("Empty: no actor."))

    @classmethod
    def unbound(cls, case: Case, user: User, seen: int) -> Self:
        return cls(case=case, user=user, initial={"seen": seen, "actor": case.actor})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.visible_to(user).active().filter(centre=self.case.centre_id)
        self.fields["actor"].queryset = actors


class AdoptForm(ActionForm):
    name = "adopt"
    view = "contacts:case_adopt"
    label = button = _("Adopt as an idea")
    title = forms.CharField(label=_("Title of the idea"), max_length=200)
    author_agreed = forms.BooleanField(
        label=_("The author agreed at the desk that the idea may be published"), required=False
    )

    @classmethod
    def unbound(cls, case: Case, user: User, seen: int) -> Self:
        return cls(case=case, initial={"seen": seen, "title": case.subject})


class StatusReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your message"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    files = FilesField(required=False)


class LookupForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=40,
        help_text=_("Such as V-2026-0142"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Eight letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_reference(self) -> str:
        return "".join(self.cleaned_data["reference"].split()).upper()

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"].upper() if c.isalnum())
