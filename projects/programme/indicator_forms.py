from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.programme.forms import GoalFilterForm
from projects.programme.indicators import Indicator, IndicatorQuerySet, Reading
from projects.programme.measuring import MOST, PLACES, plain
from projects.programme.versions import VersionForm
from zentrum.common.forms import DateInput
from zentrum.common.text import every_word, searchable


class NumberField(forms.DecimalField):
    """A measured value: at most three decimals, shown without the zeros that say nothing."""

    def __init__(self, **options: Any):
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        limits: dict[str, Any] = {"max_digits": 14, "decimal_places": PLACES}
        super().__init__(
            min_value=-MOST, max_value=MOST, widget=widget, localize=False, **limits, **options
        )
        for name in ("min", "max"):
            self.widget.attrs.pop(name, None)  # nobody needs to hear of them

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


class IndicatorForm(VersionForm, forms.ModelForm):
    baseline_value = NumberField(label=_("Baseline"))
    target_value = NumberField(
        label=_("Target"), help_text=_("Below the baseline if the figure is to fall.")
    )

    class Meta:
        model = Indicator
        names = ["name", "unit", "baseline_value", "baseline_on", "target_value", "target_on"]
        fields = names
        widgets = {"baseline_on": DateInput, "target_on": DateInput}

    field_order = Meta.names

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def clean_baseline_on(self):
        return _not_in_future(self.cleaned_data["baseline_on"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts_on, ends_on = values.get("baseline_on"), values.get("target_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("target_on", _("The target lies before the baseline."))
        baseline, target = values.get("baseline_value"), values.get("target_value")
        if baseline is not None and baseline == target:
            text = _("The target is the baseline: nothing is to be reached.")
            self.add_error("target_value", text)
        return values

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.names}


class ReadingForm(VersionForm, forms.ModelForm):
    value = NumberField(label=_("Value"))

    class Meta:
        model = Reading
        fields = ["value", "measured_on", "provider", "source"]
        widgets = {"measured_on": DateInput}

    field_order = Meta.fields

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        else:
            self.initial["measured_on"] = timezone.localdate()

    def clean_measured_on(self):
        return _not_in_future(self.cleaned_data["measured_on"])

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _not_in_future(day: Any) -> Any:
    if day > timezone.localdate():
        raise ValidationError(_("This date lies in the future."))
    return day


class IndicatorFilterForm(GoalFilterForm):
    REACHED, MISSED, UNMEASURED = "reached", "missed", "unmeasured"
    STATES = [
        ("", _("All")),
        (REACHED, _("reached")),
        (MISSED, _("on the way")),
        (UNMEASURED, _("not measured yet")),
    ]

    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    columns = {"field": "goal__field_of_action", "centre": "goal__programme__centre"}
    field_order = ["q", "state", "goal", "field", "centre"]
    goal_column, has_none = "goal", False

    def narrow(self, indicators: IndicatorQuerySet) -> IndicatorQuerySet:
        """Of `with_latest`."""
        rows: IndicatorQuerySet = self.narrow_columns(indicators)
        if words := self.cleaned_data.get("q"):
            text = searchable("name", "unit", "goal__title")
            rows = rows.alias(words=text).filter(every_word("words", words))
        states = {
            self.REACHED: IndicatorQuerySet.reached,
            self.MISSED: IndicatorQuerySet.missed,
            self.UNMEASURED: IndicatorQuerySet.unmeasured,
        }
        narrow = states.get(self.cleaned_data.get("state") or "")
        return narrow(rows) if narrow else rows
