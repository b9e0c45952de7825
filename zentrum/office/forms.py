from datetime import date
from itertools import pairwise
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.models import User
from zentrum.common.forms import DateInput, PlaceField, TimeInput
from zentrum.office import access
from zentrum.office.models import (
    Absence,
    Carrier,
    Centre,
    ClosingDay,
    Mandate,
    OfficeHours,
    Town,
)

LONGEST_SPAN = 366  # days; a longer closing or absence is a slip of the keyboard


class TownForm(forms.ModelForm):
    class Meta:
        model = Town
        fields = [
            "name",
            "office_name",
            "land",
            "accent_colour",
            "promise_days",
            "email",
            "phone",
            "imprint",
            "privacy",
            "accessibility",
        ]
        help_texts = {
            "accent_colour": _("As #rrggbb, such as #1b5e20. Empty: the portal's own blue."),
            "land": _("Decides the public holidays."),
        }

    def clean_promise_days(self) -> int:
        days = self.cleaned_data["promise_days"]
        if days > 60:
            raise ValidationError(_("Please promise an answer within at most 60 working days."))
        return days


class CentreForm(forms.ModelForm):
    place = PlaceField(required=False)

    class Meta:
        model = Centre
        fields = ["name", "carrier", "address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.latitude is not None:
            position = (self.instance.latitude, self.instance.longitude)
            self.fields["place"].initial = position
            self.fields["place"].widget.centre = position

    def save(self, commit: bool = True) -> Centre:
        place = self.cleaned_data["place"]
        self.instance.latitude, self.instance.longitude = place or (None, None)
        if not self.instance.slug:
            self.instance.slug = _free_slug(self.instance.name)
        return super().save(commit)


def _free_slug(name: str) -> str:
    stem = slugify(name)[:40] or "zentrum"
    taken = set(Centre.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slugs = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in slugs if slug not in taken)


class OfficeHoursForm(forms.ModelForm):
    class Meta:
        model = OfficeHours
        fields = ["weekday", "opens_at", "closes_at"]
        widgets = {"opens_at": TimeInput, "closes_at": TimeInput}


class BaseOfficeHoursFormSet(forms.BaseInlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        columns = ("weekday", "opens_at", "closes_at", "DELETE")
        self.helper.layout = Layout(Row(*(Column(name) for name in columns)))

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if self._counts(form)]
        rows.sort(key=lambda row: (row["weekday"], row["opens_at"]))
        for earlier, later in pairwise(rows):
            same_day = earlier["weekday"] == later["weekday"]
            if same_day and later["opens_at"] < earlier["closes_at"]:
                raise ValidationError(_("Two office hours of the same day overlap."))

    def _counts(self, form: forms.ModelForm) -> bool:
        row = getattr(form, "cleaned_data", {})
        whole = all(row.get(name) is not None for name in ("weekday", "opens_at", "closes_at"))
        return whole and not row.get("DELETE")


OfficeHoursFormSet = forms.inlineformset_factory(
    Centre,
    OfficeHours,
    form=OfficeHoursForm,
    formset=BaseOfficeHoursFormSet,
    extra=3,
    max_num=28,
    absolute_max=56,  # a forged number of rows would keep the page busy for seconds
    validate_max=True,
)


class CarrierForm(forms.ModelForm):
    class Meta:
        model = Carrier
        fields = ["name", "kind"]


class SpanForm(forms.ModelForm):
    """From a day to a day, both included."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on:
            if ends_on < starts_on:
                self.add_error("ends_on", _("The end lies before the start."))
            elif (ends_on - starts_on).days >= LONGEST_SPAN:
                self.add_error("ends_on", _("Please enter at most one year."))
            if starts_on.year < 2000:
                self.add_error("starts_on", _("Please check the year."))
        return values


class ClosingDayForm(SpanForm):
    class Meta:
        model = ClosingDay
        fields = ["centre", "starts_on", "ends_on", "reason"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = access.centres_led_by(acting)
        self.fields["centre"].empty_label = _("all centres")


class AbsenceForm(SpanForm):
    class Meta:
        model = Absence
        fields = ["user", "deputy", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("user", "deputy"):
            self.fields[name].queryset = access.staff_led_by(acting)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("user") and values.get("user") == values.get("deputy"):
            self.add_error("deputy", _("Nobody can be their own deputy."))
        return values


class MandateForm(forms.ModelForm):
    class Meta:
        model = Mandate
        fields = ["role", "carrier", "centre", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput, "ends_on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate
        self.fields["centre"].empty_label = _("all centres")


class MandateEndForm(forms.ModelForm):
    class Meta:
        model = Mandate
        fields = ["ends_on"]
        widgets = {"ends_on": DateInput}
        help_texts = {"ends_on": _("The last day of access. Empty: open-ended.")}

    def clean_ends_on(self) -> date | None:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on and ends_on < self.instance.starts_on:
            raise ValidationError(_("The end lies before the start."))
        return ends_on
