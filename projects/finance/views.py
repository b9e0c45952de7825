"""The cost and finance overview, of all projects and of one, and the rows behind each sum."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.finance import kuf, summing, tables
from projects.finance.forms import BookingFilterForm, FinanceFilterForm
from projects.finance.models import Booking, this_year
from projects.finance.summing import Cell
from projects.finance.sums import YearSum
from projects.pipeline.models import Project, money_seen_by
from projects.programme.listing import FilteredListView
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING, Role
from zentrum.common.money import euro
from zentrum.files import xlsx
from zentrum.files.responses import attachment
from zentrum.office.access import centres_of
from zentrum.office.models import Centre

may_view = permission_required("projects.view_finance", raise_exception=True)
PROJECTS, ROWS = 12, 50  # on a page


def _centres(user: User) -> list[Centre]:
    return list(centres_of(user, (*LEADING, Role.CITY)))


def _finding(cells: list[Cell]) -> str:
    """The page in one sentence: what is at risk when the year ends."""
    if not cells:
        return _("No amount has been entered yet.")
    year = this_year()
    at_risk = summing.total(cell for cell in cells if cell.year == year).at_risk
    if not at_risk:
        return _("No money of the year %(year)s is at risk.") % {"year": year}
    return _("%(amount)s are not paid yet and at risk when the year %(year)s ends.") % {
        "amount": euro(at_risk),
        "year": year,
    }


@may_view
def finance_overview(request: StaffRequest) -> HttpResponse:
    """Of the last year, this one and those to come, unless other years are asked for."""
    filters = request.GET.dict()
    if not filters.get("year"):
        filters.setdefault("since", str(this_year() - 1))
    form = FinanceFilterForm(filters, centres=_centres(request.user))
    sums = form.narrow(YearSum.objects.visible_to(request.user))
    cells = summing.per_year(sums)
    funded = Project.objects.filter(pk__in=sums.values("project")).order_by("-pk")
    page = Paginator(funded.only("title"), PROJECTS).get_page(request.GET.get("page"))
    projects = list(page.object_list)
    of_projects = summing.per_project(sums.filter(project__in=projects))
    context = {
        "filter_form": form,
        "finding": _finding(cells),
        "query": tables.query(filters),
        "total": tables.total(cells, filters),
        "by_year": tables.by_year(cells, filters),
        "by_source": tables.by_source(cells, filters),
        "by_project": tables.by_project(of_projects, projects, filters),
        "ratios": tables.ratios(cells),
        "page_obj": page,
    }
    return render(request, "projects/finance/finance_overview.html", context)


class BookingListView(PermissionRequiredMixin, FilteredListView):
    """The rows behind a sum: narrowed by the address as the overview is, and by project."""

    request: StaffRequest
    permission_required = "projects.view_finance"
    template_name = "projects/finance/booking_list.html"
    paginate_by = ROWS

    def get_queryset(self):
        user, filters = self.request.user, self.request.GET.dict()
        self.centres = _centres(user)
        self.filter_form = BookingFilterForm(filters, centres=self.centres)
        bookings = self.filter_form.narrow(Booking.objects.visible_to(user))
        bookings = bookings.select_related("project", "by")
        return bookings.defer("project__search_text", "project__summary")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, filters = self.request.user, self.request.GET.dict()
        kind = self.filter_form.cleaned_data.get("kind")
        of_kinds = BookingFilterForm(filters | {"kind": ""}, centres=self.centres)
        sums = of_kinds.narrow(YearSum.objects.visible_to(user))
        context = {
            "figures": tables.of_kind(summing.per_year(sums), kind),
            "project": self._project(),
            "without_project": tables.query(filters, project=""),
        }
        return super().get_context_data(**context, **kwargs)

    def _project(self) -> Project | None:
        """The only project whose bookings are shown, if its sum was clicked on."""
        key = self.filter_form.cleaned_data.get("project")
        seen = Project.objects.filter(money_seen_by(self.request.user)).only("reference", "title")
        return seen.filter(pk=key).first() if key else None


@may_view
def project_finance(request: StaffRequest, pk: int) -> HttpResponse:
    projects = Project.objects.filter(money_seen_by(request.user)).defer(
        "search_text", "likeness", "summary"
    )
    project = get_object_or_404(projects, pk=pk)
    cells = summing.per_project(project.year_sums.all())
    rows = project.bookings.select_related("by")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    filters = {"project": str(pk)}
    context = {
        "project": project,
        "is_leading": project.is_inside(request.user, LEADING),
        "lines": tables.by_year_and_source(cells, filters),
        "total": tables.total(cells, filters),
        "ratios": tables.ratios(cells),
        "finding": _finding(cells),
        "page_obj": page,
    }
    return render(request, "projects/finance/project_finance.html", context)


@may_view
def finance_workbook(request: StaffRequest) -> HttpResponseBase:
    """What the overview shows under the same filters, in the shape of a KuF."""
    form = FinanceFilterForm(request.GET.dict(), centres=_centres(request.user))
    content = kuf.workbook(form.narrow(YearSum.objects.visible_to(request.user)))
    name = f"{_('Cost and finance overview')} {timezone.localdate():%Y-%m-%d}.xlsx"
    return attachment(content, name, xlsx.TYPE)
