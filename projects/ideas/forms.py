from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.ideas.models import Idea
from projects.ideas.worksheets import MOST_EURO, Worksheet
from projects.programme.desks import desks_of, show_around
from projects.programme.forms import FieldFilterForm, GoalFilterForm
from projects.programme.refusals import RefusableForm
from projects.programme.versions import VersionForm, position_of
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput, PlaceField

TEXT_LIMIT = 20000


class IdeaPublicFilterForm(FieldFilterForm):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *Idea.State.choices], required=False
    )
    columns = FieldFilterForm.columns | {"state": "state"}
    field_order = ["q", "state", "field"]

    def narrow(self, ideas: Any, user: User | None = None) -> Any:
        ideas = self.narrow_columns(ideas)
        if not (words := self.cleaned_data.get("q")):
            return ideas
        return ideas.found_by(user, words) if user else ideas.matching_wording(words)


class IdeaFilterForm(IdeaPublicFilterForm, GoalFilterForm):
    back = forms.BooleanField(label=_("Back from the pool, today or before"), required=False)

    def narrow(self, ideas: Any, user: User | None = None) -> Any:
        ideas = super().narrow(ideas, user)
        return ideas.back(timezone.localdate()) if self.cleaned_data.get("back") else ideas


class IdeaForm(VersionForm, forms.ModelForm):
    text = forms.CharField(
        label=_("What is proposed"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        help_text=_("As the author wrote it; internal."),
    )
    position = PlaceField(required=False)

    class Meta:
        model = Idea
        fields = ["title", "text", "field_of_action", "place", "received_on"]
        widgets = {"received_on": DateInput}

    field_order = ["title", "text", "field_of_action", "place", "position", "received_on"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field_of_action"].empty_label = _("Not yet chosen")
        if self.instance.pk:
            show_around(self.fields["position"], self.instance.centre)
            self.initial.update(version=self.instance.version, position=position_of(self.instance))
        else:
            self.initial.setdefault("received_on", timezone.localdate())

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))
        return day

    def changes(self) -> dict[str, Any]:
        """The fields of the row, ready for the service."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        latitude, longitude = self.cleaned_data["position"] or (None, None)
        return {**values, "latitude": latitude, "longitude": longitude}


class IdeaCreateForm(IdeaForm):
    desk = forms.ChoiceField(label=_("Desk"))
    author_name = forms.CharField(label=_("Name of the author"), max_length=150, required=False)
    author_email = forms.EmailField(
        label=_("E-mail address of the author"),
        required=False,
        help_text=_("For news of the idea. It is never shown in public."),
    )
    has_agreed = forms.BooleanField(
        label=_("The author agrees that the office publishes the idea in its own words."),
        required=False,
    )

    field_order = [*IdeaForm.field_order, "desk", "author_name", "author_email", "has_agreed"]

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.desks = {desk.key: desk for desk in desks_of(user)}
        self.fields["desk"].choices = [(desk.key, str(desk)) for desk in self.desks.values()]
        show_around(self.fields["position"], next((d.centre for d in self.desks.values()), None))

    def changes(self) -> dict[str, Any]:
        desk = self.desks[self.cleaned_data["desk"]]
        agreed = self.cleaned_data["has_agreed"]
        return super().changes() | {
            "centre": desk.centre,
            "carrier": desk.carrier,
            "author_name": self.cleaned_data["author_name"],
            "author_email": self.cleaned_data["author_email"],
            "author_confirmed_at": timezone.now() if agreed else None,
        }


class IdeaMoveForm(VersionForm):
    to = forms.ChoiceField(choices=Idea.State.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=5000, widget=forms.Textarea, required=False
    )
    remark = forms.CharField(
        label=_("Internal remark"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the office reads it."),
        required=False,
    )
    merged_into = forms.CharField(
        label=_("Reference of the idea that it goes on with"),
        max_length=20,
        help_text=_("Such as I-2026-0007."),
        required=False,
    )

    returns_on = forms.DateField(
        label=_("Comes back on"),
        widget=DateInput,
        help_text=_("On this day it stands on your day at the desk again."),
    )

    field_order = ["merged_into", "returns_on", "reason", "remark"]

    def __init__(self, *args: Any, idea: Idea, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.idea, self.user = idea, user
        to = self.data.get("to") or self.initial.get("to", "")
        self.initial["version"] = idea.version
        reason = self.fields["reason"]
        if to == Idea.State.QUERY:
            reason.label = _("Your question to the author")
        elif to not in Idea.STATES_TOLD:
            reason.label = _("What everybody reads about it")
        reason.required = idea.needs_sentence(to)
        if to == Idea.State.MERGED:
            self.fields["merged_into"].required = True
        else:
            del self.fields["merged_into"]
        if to != Idea.State.PARKED:
            del self.fields["returns_on"]

    def clean_merged_into(self) -> Idea:
        reference = self.cleaned_data["merged_into"].strip().upper()
        target = Idea.objects.led_by(self.user).filter(reference=reference).first()
        if target is None:
            raise ValidationError(_("There is no other idea with this reference."))
        return target


class BundleForm(RefusableForm, forms.ModelForm):
    text = forms.CharField(
        label=_("What is proposed"), max_length=TEXT_LIMIT, widget=forms.Textarea
    )
    reason = forms.CharField(
        label=_("What the senders read"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Why the ideas go on together. It is mailed to everybody who follows one of them, and"
            " stands on the public pages of those that are released."
        ),
    )

    class Meta:
        model = Idea
        fields = ["title", "text", "field_of_action"]

    field_order = ["title", "text", "field_of_action", "reason"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field_of_action"].empty_label = _("Not yet chosen")


class IdeaReleaseForm(VersionForm, forms.ModelForm):
    public_text = forms.CharField(
        label=_("Public text"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea,
        help_text=_("What everybody may read. Without names, addresses and phone numbers."),
    )

    class Meta:
        model = Idea
        fields = ["title", "public_text"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        if not self.instance.public_text:
            self.initial["public_text"] = self.instance.text


class WorksheetForm(VersionForm, forms.ModelForm):
    class Meta:
        model = Worksheet
        fields = Worksheet.FIELDS
        help_texts = {
            "benefit": _("Whom does it help, and how would they notice?"),
            "aim": _("What is to be reached; the goals of the programme are chosen on the idea."),
            "partners": _("Who would have to take part, who could?"),
            "cost": _("Whole euro; the exact amounts belong to the project."),
            "next_step": _("Who does what next, until when?"),
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name in Worksheet.TEXTS:
            self.fields[name].max_length = TEXT_LIMIT
            self.fields[name].validators.append(MaxLengthValidator(TEXT_LIMIT))
            self.fields[name].widget.attrs["rows"] = 3
        self.fields["cost"].max_value = MOST_EURO
        self.fields["cost"].validators.append(MaxValueValidator(MOST_EURO))
