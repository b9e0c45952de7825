"""What the filters above the lists of ideas and of projects have in common."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.programme.models import FieldOfAction
from projects.programme.programmes import Goal, Programme
from zentrum.office.choosing import offer_centres
from zentrum.office.models import Centre

if TYPE_CHECKING:
    from collections.abc import Iterable


NONE_OF = "none-"  # and the key of a programme: what serves none of its goals


class FieldFilterForm(forms.Form):
    """Words and field of action; a list adds what else it can be narrowed by."""

    q = forms.CharField(label=_("Search text"), max_length=200, required=False)
    field = forms.ModelChoiceField(
        FieldOfAction.objects.all(),
        label=_("Field of action"),
        required=False,
        empty_label=_("All"),
    )
    columns = {"field": "field_of_action", "centre": "centre"}

    def narrow_columns(self, rows: Any) -> Any:
        """The rows with exactly what was chosen; a wrong field narrows nothing."""
        self.is_valid()
        for name, column in self.columns.items():
            if value := self.cleaned_data.get(name):
                rows = rows.filter(**{column: value})
        return rows


class CentreFilterForm(FieldFilterForm):
    """The same for staff, who may choose among their centres when there are several."""

    centre = forms.TypedChoiceField(label=_("Centre"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_centres(self, centres)


class GoalFilterForm(CentreFilterForm):
    """Also by goal: what serves it, or what serves no goal of a programme."""

    goal = forms.ChoiceField(label=_("Goal"), required=False)
    goal_column = "goals"
    has_none = True  # whether a row may serve no goal

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any):
        super().__init__(*args, centres=centres, **kwargs)
        goals = Goal.objects.filter(programme__centre__in=centres).select_related("programme")
        ordered = goals.order_by("-programme__starts_on", "programme", "position", "pk")
        self.goals = {str(goal.pk): goal for goal in ordered}
        self.programmes = {f"{NONE_OF}{goal.programme_id}": goal.programme for goal in ordered}
        if self.goals:
            self.fields["goal"].choices = [
                ("", _("All")),
                *goal_groups(self.goals.values(), self.has_none),
            ]
        else:
            del self.fields["goal"]

    def narrow_columns(self, rows: Any) -> Any:
        rows = super().narrow_columns(rows)
        chosen = self.cleaned_data.get("goal") or ""
        if chosen in self.goals:
            return rows.filter(**{self.goal_column: self.goals[chosen]})
        if chosen in self.programmes:
            return without_goal(rows, self.programmes[chosen])
        return rows


def without_goal(rows: Any, programme: Programme) -> Any:
    """Of projects or ideas those of the programme's centre that serve none of its goals."""
    links = rows.model.goals.through._default_manager.filter(goal__programme=programme)
    served = Exists(links.filter(**{rows.model._meta.model_name: OuterRef("pk")}))
    return rows.filter(~served, centre=programme.centre_id)


def goal_groups(goals: "Iterable[Goal]", with_none: bool = False) -> list[tuple[str, list]]:
    """Choices by programme, in the order given."""
    groups: dict[Any, list[tuple[str, str]]] = {}
    for goal in goals:
        programme = goal.programme
        if programme not in groups:
            none = (f"{NONE_OF}{programme.pk}", gettext("no goal"))
            groups[programme] = [none] if with_none else []
        groups[programme].append((str(goal.pk), str(goal)))
    return [(str(programme), choices) for programme, choices in groups.items()]
