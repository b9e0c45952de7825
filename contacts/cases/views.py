"""The pages of the desk: Heute, the list, the case."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.cases import today as work
from contacts.cases.listing import CaseList
from contacts.cases.messages import Attachment
from contacts.cases.models import Case
from contacts.cases.page import CasePage
from contacts.cases.presence import beat, others_on
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download


@permission_required("contacts.view_today", raise_exception=True)
@never_cache
def today(request: StaffRequest) -> HttpResponse:
    day = timezone.localdate()
    owners = work.responsible_for(request.user)
    sections = work.sections(request.user, owners, day)
    milestones = work.milestones(request.user, owners, day)
    has_matters = any(section.cases for section in sections)
    context: dict[str, Any] = {
        "day": day,
        "sections": [section for section in sections if section.cases],
        "milestones": milestones,
        "stands_in_for": [user for pk, user in owners.items() if pk != request.user.pk],
        "is_free": not (milestones or has_matters),
    }
    return render(request, "contacts/cases/today.html", context)


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def case_list(request: StaffRequest) -> HttpResponse:
    cases = CaseList(request.GET, request.user)
    page = cases.page()
    context = {
        "cases": cases,
        "page": page,
        "present": others_on(page.object_list, request.user),
        "count": cases.count(),
        "day": timezone.localdate(),
    }
    return render(request, "contacts/cases/case_list.html", context)


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def case_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return CasePage(request, visible_case(request, pk)).response()


@permission_required("contacts.change_case", raise_exception=True)
@require_POST
def presence_beat(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked for by an open case page every 20 seconds; answers who else is there."""
    case = visible_case(request, pk)
    beat(request.user, case)
    present = others_on([case], request.user).get(case.pk, [])
    return render(request, "contacts/cases/_presence.html", {"present": present})


def visible_case(request: StaffRequest, pk: int) -> Case:
    """The case with its owner, 404 if this person may not see it.

    Few cases have an actor or an idea: joining them costs every page more than it saves a few.
    """
    cases = Case.objects.visible_to(request.user).select_related("owner")
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
