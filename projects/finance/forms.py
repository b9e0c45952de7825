from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.finance.models import FIRST_YEAR, LAST_YEAR, Booking, this_year
from projects.pipeline.models import Project
from projects.programme.forms import CentreFilterForm
from projects.programme.refusals import RefusableForm
from zentrum.common.forms import DateInput, MoneyField

MOST_SHARES = 1000
BIGGEST_KEY = models.BigAutoField.MAX_BIGINT


class SubmissionForm(RefusableForm):
    """Sent twice it is the same: the hidden id was given out with the empty form."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid4())


class BookingBaseForm(SubmissionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Booking.Kind.choices)
    year = forms.IntegerField(
        label=_("Programme year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=_("The budget year in which the money is to be paid."),
    )
    booked_on = forms.DateField(
        label=_("Day"),
        widget=DateInput,
        help_text=_("Of the plan, the grant, the call or the payment."),
    )
    text = forms.CharField(label=_("Text"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", this_year())
        self.initial.setdefault("booked_on", timezone.localdate())

    def details(self) -> dict[str, Any]:
        """What the service wants to know beside the amounts."""
        names = ("kind", "year", "booked_on", "text", "submission")
        return {name: self.cleaned_data[name] for name in names}


class BookingForm(BookingBaseForm):
    source = forms.ChoiceField(label=_("Source"), choices=Booking.Source.choices)
    amount = MoneyField(label=_("Amount in euro"), help_text=_("Such as 1.234,50"))

    field_order = ["kind", "source", "amount", "year", "booked_on", "text"]

    def amounts(self) -> dict[str, Decimal]:
        return {self.cleaned_data["source"]: self.cleaned_data["amount"]}


class SplitForm(BookingBaseForm):
    total = MoneyField(label=_("Total in euro"), help_text=_("Such as 1.234,50"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for source, name in Booking.Source.choices:
            self.fields[source] = forms.IntegerField(
                label=_("Share: %(source)s") % {"source": name},
                min_value=0,
                max_value=MOST_SHARES,
                required=False,
                initial=1 if source in Booking.PUBLIC_SOURCES else None,
            )
        self.order_fields(["kind", "total", *Booking.Source.values, "year", "booked_on", "text"])

    def shares(self) -> dict[str, int]:
        return {source: self.cleaned_data[source] or 0 for source in Booking.Source.values}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        shares = [values.get(source) for source in Booking.Source.values]
        if not self.errors and not any(shares):
            self.add_error(Booking.Source.FEDERAL, _("Give at least one source a share."))
        return values


class CorrectionForm(SubmissionForm):
    to = MoneyField(
        label=_("Right amount in euro"),
        allow_zero=True,
        help_text=_("0 if the booking should not be there at all."),
    )
    text = forms.CharField(label=_("Reason"), max_length=200)


class FinanceFilterForm(CentreFilterForm):
    since = forms.IntegerField(
        label=_("Programme years from"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
        help_text=_("Empty: all years."),
    )
    year = forms.IntegerField(
        label=_("Programme year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    source = forms.ChoiceField(
        label=_("Source"), choices=[("", _("All")), *Booking.Source.choices], required=False
    )
    columns = {
        "field": "project__field_of_action",
        "centre": "project__centre",
        "since": "year__gte",
        "year": "year",
        "source": "source",
    }
    field_order = ["q", "since", "year", "source", "field", "centre"]

    def narrow(self, bookings: Any) -> Any:
        bookings = self.narrow_columns(bookings)
        if words := self.cleaned_data.get("q"):
            found = Project.objects.matching(words)
            bookings = bookings.filter(project__in=found.values("pk"))
        return bookings


class BookingFilterForm(FinanceFilterForm):
    """Also by kind, and by the project whose sum was clicked on: `?project=` with its key."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Booking.Kind.choices], required=False
    )
    project = forms.IntegerField(
        min_value=1, max_value=BIGGEST_KEY, required=False, widget=forms.HiddenInput
    )
    columns = FinanceFilterForm.columns | {"kind": "kind", "project": "project"}
    field_order = ["q", "kind", "since", "year", "source", "field", "centre"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.data.get("project"):
            del self.fields["project"]
