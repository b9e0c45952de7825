from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.followups.follow_ups import FollowUp, FollowUpQuerySet
from contacts.followups.services import desk_of
from zentrum.accounts.models import User
from zentrum.accounts.roles import OFFICE
from zentrum.common.forms import DateInput
from zentrum.office import people
from zentrum.office.models import Carrier, Centre
from zentrum.office.working_time import OfficeCalendar

MOST_DAYS = 250
GREATEST = 2_147_483_647


class DayForm(forms.Form):
    """A working day, as a date or as a number of working days from today."""

    working_days = forms.IntegerField(
        label=_("In how many working days?"), required=False, min_value=0, max_value=MOST_DAYS
    )
    due_on = forms.DateField(
        label=_("Or on this day"),
        widget=DateInput,
        required=False,
        help_text=_("On a day off it moves to the next working day."),
    )
    text = forms.CharField(label=_("What is to be done?"), max_length=300)
    assignee = forms.ModelChoiceField(label=_("For whom?"), queryset=User.objects.none())

    def __init__(self, *args: Any, desk: tuple[Carrier, Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carrier, self.centre = desk
        self.fields["assignee"].queryset = people.colleagues(self.carrier, self.centre)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        days, day = values.pop("working_days", None), values.get("due_on")
        if days is not None and day is None:
            values["due_on"] = self._in_working_days(days)
        elif (days is None) == (day is None) and not self.errors:
            raise ValidationError(_("Please give a number of working days, or a day."))
        return values

    def _in_working_days(self, days: int) -> date:
        return OfficeCalendar.of(self.centre).add_working_days(timezone.localdate(), days)


class PlanForm(DayForm):
    repeat = forms.ChoiceField(label=_("Repeat"), choices=FollowUp.Repeat.choices, required=False)

    @classmethod
    def about(cls, about: Any, user: User, data: QueryDict | None) -> "PlanForm":
        return cls(data, desk=desk_of(about, user), initial={"assignee": user.pk})


class MoveForm(DayForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)

    @classmethod
    def of(cls, follow_up: FollowUp, data: QueryDict | None) -> "MoveForm":
        names = ("due_on", "text", "assignee", "version")
        initial = {name: getattr(follow_up, name) for name in names}
        return cls(data, desk=(follow_up.carrier, follow_up.centre), initial=initial)


class SettleForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=GREATEST)


class FollowUpFilterForm(forms.Form):
    """What the list shows; a value that makes no sense is shown as an error and left out."""

    assignee = forms.ModelChoiceField(
        label=_("For whom?"), queryset=User.objects.none(), required=False, empty_label=_("All")
    )
    settled = forms.BooleanField(label=_("Also settled ones"), required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        carriers = {mandate.carrier_id for mandate in user.current_mandates}
        staff = User.objects.filter(mandates__carrier__in=carriers, mandates__role__in=OFFICE)
        self.fields["assignee"].queryset = staff.distinct().order_by("name", "pk")

    def narrow(self, rows: FollowUpQuerySet) -> FollowUpQuerySet:
        self.is_valid()
        if assignee := self.cleaned_data.get("assignee"):
            rows = rows.filter(assignee=assignee)
        return rows if self.cleaned_data.get("settled") else rows.open()
