"""Where each person of the desk says which reminders come by mail, and when none."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from contacts.followups.preferences import WORKING_DAYS, ReminderSettings
from contacts.followups.reminding import desk_of, office_mandates
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.common.forms import TimeInput
from zentrum.common.saving import save_once
from zentrum.office.working_time import OfficeCalendar


class ReminderSettingsForm(forms.ModelForm):
    digest_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Morning digest on"),
        choices=WORKING_DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "One mail when the office opens: what is due, overdue and new. What falls due later on "
            "the same day comes by a mail of its own."
        ),
    )

    class Meta:
        model = ReminderSettings
        fields = ["digest_days", "wants_single", "quiet_from", "quiet_to"]
        widgets = {"quiet_from": TimeInput, "quiet_to": TimeInput}
        help_texts = {
            "quiet_to": gettext_lazy(
                "Between these times no mail goes out; it comes at their end, if the office is "
                "open then. Empty: office hours alone count."
            )
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wishes = ReminderSettings(
            quiet_from=cleaned.get("quiet_from"), quiet_to=cleaned.get("quiet_to")
        )
        if shut := _silenced_days(self.instance.user, wishes):
            words = _("On %(days)s these quiet hours leave no time: nothing would ever reach you.")
            self.add_error("quiet_to", ValidationError(words, params={"days": ", ".join(shut)}))
        return cleaned


def _silenced_days(user: User, wishes: ReminderSettings) -> list[str]:
    """The working days on which the person's desk is open in the quiet hours only."""
    mandate = next(iter(office_mandates(timezone.localdate(), user.pk)), None)
    desk = desk_of(mandate) if mandate else None
    hours = OfficeCalendar.of(desk).hours if desk else {}
    return [
        str(name)
        for number, name in WORKING_DAYS
        if (spans := hours.get(number)) and not wishes.leaves_time_in(spans)
    ]


@permission_required("contacts.view_reminder", raise_exception=True)
@never_cache
def reminder_settings(request: StaffRequest) -> HttpResponse:
    own = ReminderSettings.of(request.user)
    form = ReminderSettingsForm(request.POST or None, instance=own)
    if form.is_valid() and save_once(form, own, form.save):
        messages.success(request, _("Saved."))
        return redirect("contacts:reminder_list")
    return render(request, "contacts/followups/reminder_settings.html", {"form": form})
