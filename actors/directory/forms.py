from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.consenting import NOT_OF_A_PERSON, Listing, is_listed, past_day
from actors.directory.models import Actor
from actors.directory.relating import BACK, directed_kinds
from actors.directory.relations import Relation
from actors.directory.services import Contact
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput, PlaceField
from zentrum.common.templatetags.kern_form import error_summary
from zentrum.office.access import centres_of

LONGEST_TEXT = 5000
MOST_ROWS = 20


class ActorForm(forms.ModelForm):
    """The actor itself; addresses and numbers stand in the forms beside it (see ActorEditor)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    is_listed = forms.BooleanField(
        label=_("agreed to be listed in the public directory"),
        required=False,
        help_text=_("Not for a person. Unticked, the consent is withdrawn from today on."),
    )
    consent_source = forms.CharField(
        label=_("How does the office know?"),
        max_length=200,
        required=False,
        help_text=_("Such as: signed form, e-mail, at the counter."),
    )
    consent_on = forms.DateField(label=_("agreed on"), required=False, widget=DateInput)

    class Meta:
        model = Actor
        fields = [
            "kind",
            "name",
            "given_name",
            "legal_form",
            "centre",
            "sectors",
            "description",
            "website",
        ]
        widgets = {
            "sectors": forms.CheckboxSelectMultiple,
            "description": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["description"].max_length = LONGEST_TEXT
        self.fields["description"].validators.append(
            forms.CharField(max_length=LONGEST_TEXT).validators[0]
        )
        centres = self.fields["centre"]
        centres.queryset = centres_of(user)
        if not self.instance.pk and len(choices := list(centres.queryset[:2])) == 1:
            centres.initial = choices[0]
        self.fields["given_name"].help_text = _("Only for a person.")
        self.fields["legal_form"].help_text = _(
            "Such as GmbH, e. V., e. K. Only for an organisation or body."
        )
        self.fields["kind"].choices = [("", _("Please choose")), *Actor.Kind.choices]
        self.was_listed = is_listed(self.instance)
        self.fields["is_listed"].initial = self.was_listed
        self.fields["consent_on"].initial = timezone.localdate()

    def clean_consent_on(self) -> date:
        return past_day(self.cleaned_data["consent_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_listed") and data.get("kind") == Actor.Kind.PERSON:
            self.add_error("is_listed", NOT_OF_A_PERSON)
        elif data.get("is_listed") and not self.was_listed and not data.get("consent_source"):
            self.add_error("consent_source", _("Say how the office knows of the consent."))
        return data

    @property
    def listing(self) -> Listing:
        data = self.cleaned_data
        newly = data["is_listed"] and not self.was_listed
        on = data["consent_on"] if newly else timezone.localdate()
        return Listing(data["is_listed"], on, data["consent_source"])


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    label = forms.CharField(label=_("Label"), required=False, max_length=50)
    is_main = forms.BooleanField(label=_("main address"), required=False)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        return _refuse_lonely_label(self, "email")


class PhoneForm(forms.Form):
    number = forms.CharField(label=_("Phone"), required=False, max_length=40)
    label = forms.CharField(label=_("Label"), required=False, max_length=50)

    def clean(self) -> dict[str, Any]:
        return _refuse_lonely_label(self, "number")


def _refuse_lonely_label(form: forms.Form, name: str) -> dict[str, Any]:
    data = form.cleaned_data
    if data.get("label") and name in data and not data[name]:
        form.add_error(name, _("Please fill this in or remove the label."))
    return data


class OnceEach(forms.BaseFormSet):
    """Rows of which each value may stand once; an empty row is no row."""

    value = ""
    twice = _("This entry stands here twice.")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [data for data in self.cleaned_data if data.get(self.value)]

    def clean(self) -> None:
        seen: set[Any] = set()
        for form in self.forms:
            value = form.cleaned_data.get(self.value) if form.is_valid() else None
            if value and value in seen:
                form.add_error(self.value, self.twice)
            seen.add(value)


class EmailRows(OnceEach):
    value = "email"

    def clean(self) -> None:
        super().clean()
        marked = [
            form for form in self.forms if form.is_valid() and form.cleaned_data.get("is_main")
        ]
        for form in marked[1:]:
            form.add_error("is_main", _("Only one address can be the main one."))


class PhoneRows(OnceEach):
    value = "number"


MOST_FORGED = 2 * MOST_ROWS  # forms built for a forged number of rows; a thousand takes seconds
EmailFormSet = forms.formset_factory(
    EmailForm,
    formset=EmailRows,
    extra=1,
    max_num=MOST_ROWS,
    absolute_max=MOST_FORGED,
    validate_max=True,
)
PhoneFormSet = forms.formset_factory(
    PhoneForm,
    formset=PhoneRows,
    extra=1,
    max_num=MOST_ROWS,
    absolute_max=MOST_FORGED,
    validate_max=True,
)


class AddressForm(forms.Form):
    street = forms.CharField(label=_("Street and number"), required=False, max_length=200)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=10)
    town = forms.CharField(label=_("Town"), required=False, max_length=100)
    place = PlaceField(required=False)


class ActorEditor:
    """The forms of one page together: the actor, its e-mail addresses, numbers and address."""

    def __init__(self, data: Any, *, actor: Actor, user: User, initial: dict[str, Any]):
        contact = Contact.of(actor) if actor.pk else Contact()
        self.form = ActorForm(data, instance=actor, user=user, initial=initial)
        self.emails = EmailFormSet(data, prefix="emails", initial=contact.emails)
        self.phones = PhoneFormSet(data, prefix="phones", initial=contact.phones)
        self.address = AddressForm(data, prefix="address", initial=contact.address)
        self._look_at(actor, user)

    @property
    def parts(self) -> tuple:
        return self.form, self.emails, self.phones, self.address

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts])  # noqa: C419 - every part says its errors

    @property
    def error_lines(self) -> list[dict[str, Any]]:
        """Every error of the page for the summary on top."""
        return [line for part in self.parts for line in error_summary(part)]

    @property
    def contact(self) -> Contact:
        return Contact(self.emails.rows, self.phones.rows, self.address.cleaned_data)

    def _look_at(self, actor: Actor, user: User) -> None:
        """The map of the place picker opens where the office is."""
        centre = actor.centre if actor.pk else self.form.fields["centre"].queryset.first()
        if centre and centre.latitude is not None:
            self.address.fields["place"].widget.centre = (centre.latitude, centre.longitude)


class RelationForm(forms.Form):
    """A relation as seen from one actor; it may read in either direction."""

    kind = forms.ChoiceField(label=_("Relation"))
    other = ActorChoice(label=_("To whom?"))
    function = forms.CharField(label=_("Function"), required=False, max_length=100)
    starts_on = forms.DateField(label=_("from"), required=False, widget=DateInput)
    ends_on = forms.DateField(label=_("to (date)"), required=False, widget=DateInput)

    def __init__(self, data: Any, *, actor: Actor, relation: Relation, user: User):
        super().__init__(data, initial=_as_seen_from(actor, relation) if relation.pk else {})
        self.actor, self.relation = actor, relation
        self.fields["kind"].choices = [("", _("Please choose")), *directed_kinds()]
        self.fields["other"].queryset = Actor.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        relation, other = self.relation, data["other"]
        relation.kind = data["kind"].removesuffix(BACK)
        back = data["kind"].endswith(BACK)
        relation.actor, relation.other = (other, self.actor) if back else (self.actor, other)
        for name in ("function", "starts_on", "ends_on"):
            setattr(relation, name, data[name])
        try:
            relation.full_clean()
        except ValidationError as refusal:
            self.add_error(None, ValidationError(refusal.messages))
        return data


def _as_seen_from(actor: Actor, relation: Relation) -> dict[str, Any]:
    forward = relation.actor_id == actor.pk
    kind = relation.kind
    if not forward and kind != Relation.Kind.COOPERATES:
        kind += BACK
    return {
        "kind": kind,
        "other": relation.other if forward else relation.actor,
        "function": relation.function,
        "starts_on": relation.starts_on,
        "ends_on": relation.ends_on,
    }
