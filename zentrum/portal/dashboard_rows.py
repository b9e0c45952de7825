"""The rows behind the dashboard's figures. No sender, no subject, no text of a case: never."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from contacts.cases.models import Case
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.portal import dashboard_figures as figures
from zentrum.portal.dashboard_filter import DashboardFilterForm

CASE_COLUMNS = (
    "reference",
    "centre",
    "centre__name",
    "carrier",
    "kind",
    "channel",
    "state",
    "received_at",
    "promise_ends_on",
    "first_answered_at",
    "first_answer_days",
)
CASE_TITLES = {
    "received": _("Cases received"),
    "answered": _("Cases answered"),
    "kept": _("Cases answered within the promise"),
    "broken": _("Cases whose promise was not kept"),
    "overdue": _("Cases without an answer although the promised day is over"),
    "pending": _("Cases whose promised day is still to come"),
    "ideas": _("Ideas received"),
    "ideas_answered": _("Ideas answered"),
    "ideas_adopted": _("Ideas adopted"),
}
MILESTONE_TITLES = {
    "planned": _("Milestones of the period"),
    "due": _("Milestones due"),
    "in_time": _("Milestones reached in time"),
    "late": _("Milestones reached late"),
    "overdue": _("Milestones overdue"),
    "to_come": _("Milestones still to come"),
}


class RowsView(PermissionRequiredMixin, ListView):
    """The rows of one figure of the address, within the period and centre of the query."""

    request: StaffRequest
    permission_required = "portal.view_dashboard"
    paginate_by = 50
    titles: dict[str, Any] = {}

    def figure(self) -> str:
        if (name := self.kwargs["figure"]) not in self.titles:
            raise Http404
        return name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.titles[self.figure()], scope=self.scope, form=self.form, **kwargs
        )

    def narrow(self, rows: Any, conditions: dict[str, Any]) -> Any:
        return rows.filter(conditions[self.figure()])

    def read_scope(self) -> Any:
        self.form = DashboardFilterForm(self.request.GET, user=self.request.user)
        self.scope = self.form.scope()
        return self.scope


class CaseRowsView(RowsView):
    template_name = "portal/dashboard_cases.html"
    titles = CASE_TITLES

    def get_queryset(self):
        rows = figures.cases_of(self.read_scope()).select_related("centre").only(*CASE_COLUMNS)
        conditions = figures.case_conditions(timezone.localdate())
        return self.narrow(rows, conditions).order_by("-received_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["rows"] = [(row, _may_open(user, row)) for row in context["object_list"]]
        return context


def _may_open(user: Any, case: Case) -> bool:
    """The page of the case is for those who lead its desk; for the city the figures end here."""
    return any(mandate.covers(case, LEADING) for mandate in user.current_mandates)


class MilestoneRowsView(RowsView):
    template_name = "portal/dashboard_milestones.html"
    titles = MILESTONE_TITLES

    def get_queryset(self):
        rows = figures.milestones_of(self.read_scope()).select_related("project")
        conditions = figures.milestone_conditions(timezone.localdate())
        return self.narrow(rows, conditions).order_by("planned_on", "pk")
