from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.care.colleagues import candidates
from actors.exchange.mapping import LABELS, checked
from actors.exchange.models import ImportRun
from zentrum.accounts.models import User
from zentrum.accounts.roles import LEADING
from zentrum.common.forms import DateInput
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

ACCEPT = ".xlsx,.csv,.txt,.tsv,.vcf,text/csv,text/vcard"
MOST_SOURCES = 50  # offered while typing


class ImportForm(forms.Form):
    """A file of actors, where it comes from, and for which centre."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "An Excel workbook (.xlsx), a table as CSV, or contacts as vCard (.vcf). The next step"
            " shows the columns."
        ),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=50,
        help_text=_(
            "A short name, always the same: by it a newer file finds the actors of an older one."
        ),
        widget=forms.TextInput({"list": "known-sources", "autocomplete": "off"}),
    )
    centre = forms.ModelChoiceField(
        Centre.objects.none(), label=_("Centre"), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        centres = centres_of(user, LEADING)
        self.fields["centre"].queryset = centres
        known = ImportRun.objects.visible_to(user).order_by("source")
        self.known_sources = known.values_list("source", flat=True).distinct()[:MOST_SOURCES]
        if len(choices := list(centres[:2])) == 1:
            self.fields["centre"].initial = choices[0]


class MappingForm(forms.Form):
    """Which column holds what: one select per value of an actor."""

    def __init__(self, data: Any, *, run: ImportRun, heading: list[str]):
        super().__init__(data, initial=run.mapping)
        self.heading = heading
        columns = [("", _("not in the file")), *((column, column) for column in heading)]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=str(label), choices=columns, required=name == "name"
            )

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            return checked(self.cleaned_data, self.heading)
        return self.cleaned_data


class MendForm(forms.Form):
    """The refused rows of an import, mended."""

    file = forms.FileField(
        label=_("File with the mended rows"),
        help_text=_(
            "Only these rows are read, with the same columns. Delete what you cannot mend."
        ),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
    )


class LostRoundForm(forms.Form):
    """Who looks on which day whether the actors are still there."""

    on = forms.DateField(label=_("Day"), widget=DateInput, initial=timezone.localdate)
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who goes?"), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = candidates(*centres_of(user, LEADING))
        self.fields["user"].initial = user
