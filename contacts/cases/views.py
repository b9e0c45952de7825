"""The pages of the desk: Heute, the list, the case."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from contacts.cases import today as work
from contacts.cases.listing import CaseList
from contacts.cases.messages import Attachment
from contacts.cases.models import Case
from contacts.cases.page import CasePage
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download


@permission_required("contacts.view_today", raise_exception=True)
@never_cache
def today(request: StaffRequest) -> HttpResponse:
    day = timezone.localdate()
    owners = work.responsible_for(request.user)
    sections = work.sections(request.user, owners, day)
    milestones = work.milestones(request.user, owners, day)
    late = work.overdue_consultations(request.user, owners, day)
    context: dict[str, Any] = {
        "day": day,
        "overdue_consultations": late,
        "sections": [section for section in sections if section.cases],
        "milestones": milestones,
        "stands_in_for": [user for pk, user in owners.items() if pk != request.user.pk],
        "is_free": not milestones and not late and not any(section.cases for section in sections),
    }
    return render(request, "contacts/cases/today.html", context)


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def case_list(request: StaffRequest) -> HttpResponse:
    cases = CaseList(request.GET, request.user)
    context = {
        "cases": cases,
        "page": cases.page(),
        "count": cases.count(),
        "day": timezone.localdate(),
    }
    return render(request, "contacts/cases/case_list.html", context)


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def case_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return CasePage(request, visible_case(request, pk)).response()


def visible_case(request: StaffRequest, pk: int) -> Case:
    """The case with its relations, 404 if this person may not see it."""
    related = ("owner", "actor", "idea")  # more joins cost more to plan than they save
    cases = Case.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(cases, pk=pk)


@permission_required("contacts.view_case", raise_exception=True)
def case_attachment(request: StaffRequest, pk: int) -> FileResponse:
    attachments = Attachment.objects.select_related("file").filter(
        message__case__in=Case.objects.visible_to(request.user)
    )
    attachment = attachments.filter(pk=pk).first()
    if not attachment:
        raise Http404
    return download(attachment.file)
