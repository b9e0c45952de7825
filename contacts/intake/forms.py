from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.cases.models import Case
from contacts.cases.periods import promised_days
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.common.forms import PlaceField
from zentrum.common.trap import TRAP, TrappedForm
from zentrum.files.forms import FilesField
from zentrum.office.models import Centre

LONGEST_TEXT = 10_000


class PublicForm(TrappedForm):
    """A form for everybody: signed key against double sending, a trap instead of a puzzle."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def hidden_parts(self) -> list[Any]:
        return ["form_key", self.trap()]

    def renew_key(self, key: str) -> None:
        """Put another key into the form that is shown, bound or not."""
        if self.is_bound:
            self.data = data = cast("QueryDict", self.data).copy()
            data["form_key"] = key
        else:
            self.initial["form_key"] = key

    def written(self) -> dict[str, str]:
        """What was typed, as it was typed, for the draft."""
        names = {name for name in self.data if isinstance(self.data.get(name), str)}
        typed = [field.html_name for field in self.visible_fields() if field.name != TRAP]
        typed = [name for name in typed if name not in ("files", "position")]
        if "position" in self.fields:
            typed += ["position_0", "position_1"]
        return {name: self.data[name] for name in typed if name in names}


class IdeaForm(PublicForm):
    title = forms.CharField(
        label=_("Your idea in one line"),
        max_length=200,
        help_text=_("Such as: “Benches at the market square”."),
    )
    text = forms.CharField(
        label=_("What do you propose, and what would it be good for?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    files = FilesField(label=_("Pictures or documents"), required=False)
    centre = forms.ModelChoiceField(
        label=_("Which centre is it about?"), queryset=Centre.objects.none()
    )
    place = forms.CharField(
        label=_("Address or description of the place"),
        max_length=200,
        required=False,
        help_text=_("Such as “Turmstraße 12” or “in front of the library”. You may leave it out."),
    )
    position = PlaceField(required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("If you write for a shop or an association: also its name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("You get a receipt and our answer here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    joins: Idea | Project | None = None  # which the sender joins instead of handing in a new one

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centres = centres
        self.promise_days = promised_days(centres[0].town, Case.Kind.IDEA)
        place = ["place", "position"]
        if len(centres) > 1:
            place.insert(0, "centre")
            self.fields["centre"].queryset = Centre.objects.all()
            self.fields["centre"].choices = [("", "---------")] + [(c.pk, c.name) for c in centres]
        else:
            del self.fields["centre"]
        self._centre_map(centres)
        self.helper.layout = Layout(
            Fieldset(
                _("What is your idea?"),
                "title",
                "text",
                HTML("{% include 'contacts/intake/_kept_files.html' %}"),
                "files",
            ),
            Fieldset(_("Where is it?"), *place),
            Fieldset(_("Who are you?"), "name"),
            Fieldset(
                _("How do we reach you?"),
                HTML("{% include 'contacts/intake/_reach_hint.html' %}"),
                "email",
                "phone",
            ),
            *self.hidden_parts(),
            ButtonHolder(Submit("send", _("Hand in the idea"))),
        )

    def _centre_map(self, centres: list[Centre]) -> None:
        known = [centre for centre in centres if centre.latitude is not None]
        if known:
            self.fields["position"].widget.centre = (known[0].latitude, known[0].longitude)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unreachable = not cleaned.get("email") and not cleaned.get("phone")
        if unreachable and not {"email", "phone"} & self.errors.keys():
            refusal = _("Please give an e-mail address or a phone number, so that we can answer.")
            self.add_error("email", ValidationError(refusal, code="unreachable"))
        return cleaned

    @property
    def chosen_centre(self) -> Centre:
        """What the checked form is about."""
        return self.cleaned_data["centre"] if "centre" in self.fields else self.centres[0]

    def entries(self) -> dict[str, Any]:
        """The checked entries as a submission keeps them."""
        cleaned = self.cleaned_data
        latitude, longitude = cleaned["position"] or (None, None)
        names = ("title", "text", "place", "name", "email", "phone")
        return {name: cleaned[name] for name in names} | {
            "kind": Case.Kind.IDEA,
            "centre": self.chosen_centre.pk,
            "latitude": latitude,
            "longitude": longitude,
            "joins": self.joins.pk if isinstance(self.joins, Idea) else None,
            "joins_project": self.joins.pk if isinstance(self.joins, Project) else None,
        }


class BarrierForm(PublicForm):
    page = forms.CharField(
        label=_("Address of the page"),
        max_length=500,
        required=False,
        help_text=_("Leave it empty if the barrier is not on a page of this portal."),
    )
    text = forms.CharField(
        label=_("What is in your way?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only if you would like an answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centres = centres
        self.helper.layout = Layout(
            "text",
            "page",
            "name",
            "email",
            *self.hidden_parts(),
            ButtonHolder(Submit("send", _("Report the barrier"))),
        )

    def entries(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        where = " ".join(cleaned["page"].split())
        text = f"{cleaned['text']}\n\n{where}".strip()
        names = {name: cleaned[name] for name in ("name", "email")}
        title = str(_("Barrier report")) + (f": {where}" if where else "")
        return names | {
            "kind": Case.Kind.BARRIER,
            "title": title[:200],
            "text": text,
            "centre": self.centres[0].pk,
        }
