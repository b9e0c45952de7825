from datetime import timedelta
from typing import Any

from crispy_forms.bootstrap import Accordion, AccordionGroup, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from contacts.cases.models import Case
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING
from zentrum.common.forms import DateInput, DateTimeInput
from zentrum.office import people
from zentrum.office.models import Centre

Channel = Case.Channel
LONGEST_AGO = timedelta(days=10 * 366)  # an old file may be taken over; year 1 breaks PostgreSQL
CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.EMAIL, Channel.WALK)
TODAY, NEXT, PROMISE, OTHER = "today", "next", "promise", "other"


def _promise_in_words(days: dict[str, int]) -> str:
    """One number if it is the same for each kind, else the number of each kind."""
    if len(set(days.values())) == 1:
        return _("in %(days)s working days") % {"days": next(iter(days.values()))}
    kinds = ", ".join(f"{Case.Kind(kind).label} {number}" for kind, number in days.items())
    return _("as promised, in working days: %(kinds)s") % {"kinds": kinds}


class DeskForm(forms.Form):
    """Who? What about? Until when? A matter taken down in fifteen seconds."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput)
    who = ActorChoice(
        label=_("Who?"),
        required=False,
        allow_unknown=True,
        help_text=_("An actor of the directory, or any name."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    subject = forms.CharField(label=_("What about?"), max_length=200)
    text = forms.CharField(
        label=_("More about it"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.ChoiceField(label=_("Answer until when?"), widget=forms.RadioSelect)
    other_date = forms.DateField(
        label=_("Other date"),
        widget=DateInput,
        required=False,
        help_text=_("Only for “other date”."),
    )
    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices, initial=Case.Kind.ENQUIRY)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    centre = forms.ModelChoiceField(label=_("Centre"), queryset=Centre.objects.none())
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("the manager of the centre"),
    )
    received_at = forms.DateTimeField(
        label=_("When was it?"),
        widget=DateTimeInput,
        required=False,
        help_text=_("Only if it was earlier than now."),
    )
    answer = forms.CharField(
        label=_("Answered right away? What did you say?"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The case is then recorded and closed as answered."),
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        centres: list[Centre],
        promise_days: dict[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.centres = user, centres
        self.fields["who"].queryset = Actor.objects.visible_to(user).active()
        self.fields["until"].choices = [
            (TODAY, _("today")),
            (NEXT, _("next working day")),
            (PROMISE, _promise_in_words(promise_days)),
            (OTHER, _("other date")),
        ]
        self.initial.setdefault("until", PROMISE)
        self._set_desk()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _set_desk(self) -> None:
        if len(self.centres) > 1:
            pks = [centre.pk for centre in self.centres]
            self.fields["centre"].queryset = Centre.objects.filter(pk__in=pks)
            del self.fields["owner"]
            return
        del self.fields["centre"]
        centre = self.centres[0]
        self.fields["owner"].queryset = people.colleagues(self.carrier_of(centre), centre)
        if self.user.roles & set(LEADING):
            self.initial.setdefault("owner", self.user.pk)

    def carrier_of(self, centre: Centre) -> Any:
        """The carrier for which this person sits at that desk; the centre's own one first."""
        mandates = [m for m in self.user.current_mandates if m.centre_id in (None, centre.pk)]
        its_own = (m for m in mandates if m.carrier_id == centre.carrier_id)
        return next(its_own, mandates[0]).carrier

    def _layout(self) -> Layout:
        more = ["kind", "place", "received_at", "answer"]
        more.insert(0, "centre" if "centre" in self.fields else "owner")
        return Layout(
            "form_key",
            "who",
            Row(Column("phone"), Column("email")),
            "subject",
            "text",
            InlineRadios("channel"),
            InlineRadios("until"),
            "other_date",
            Accordion(AccordionGroup(_("More"), *more, active=self.is_bound)),
            ButtonHolder(Submit("save", _("Take down"))),
        )

    def clean_received_at(self) -> Any:
        received_at = self.cleaned_data["received_at"]
        if received_at and received_at > timezone.now():
            raise ValidationError(_("The moment of receipt lies in the future."), code="future")
        if received_at and received_at < timezone.now() - LONGEST_AGO:
            raise ValidationError(_("The moment of receipt lies too far back."), code="past")
        return received_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("until") == OTHER and "other_date" not in self.errors:
            day = cleaned.get("other_date")
            if not day:
                self.add_error("other_date", _("Please choose the date."))
            elif day < timezone.localdate():
                self.add_error("other_date", _("The promised date lies in the past."))
        return cleaned
