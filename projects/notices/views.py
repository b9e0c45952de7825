"""Site notices of a project: written, looked at on the map, told to the neighbours."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actors.directory.models import Actor
from actors.directory.places import feature_collection
from projects.notices import services, telling
from projects.notices.forms import SiteNoticeForm
from projects.notices.models import SiteNotice
from projects.pipeline.models import Project
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.files.responses import attachment

may_change = permission_required("projects.change_project", raise_exception=True)
GEOJSON = "application/geo+json"
SHOWN = 200  # neighbours on the page


def _project(request: StaffRequest, pk: int) -> Project:
    projects = Project.objects.led_by(request.user).select_related("centre__town", "carrier")
    return get_object_or_404(projects, pk=pk)


def _notice(request: StaffRequest, pk: int, notice_pk: int) -> SiteNotice:
    """With its project, of a desk that the user leads."""
    notices = SiteNotice.objects.filter(project__in=Project.objects.led_by(request.user))
    joined = notices.select_related("project__centre__town", "project__carrier")
    return get_object_or_404(joined, project=pk, pk=notice_pk)


@may_change
def create_notice(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, SiteNotice(project=_project(request, pk)), _("New site notice"))


@may_change
def update_notice(request: StaffRequest, pk: int, notice_pk: int) -> HttpResponse:
    notice = _notice(request, pk, notice_pk)
    if notice.told_at:
        messages.info(request, _("People have been told of this already. Write a new one."))
        return redirect(notice)
    return _edit(request, notice, _("Edit the site notice"))


def _edit(request: StaffRequest, notice: SiteNotice, heading: str) -> HttpResponse:
    project = notice.project
    form = SiteNoticeForm(request.POST or None, instance=notice)
    if request.method == "POST" and form.is_valid():
        save = partial(services.save_notice, notice, by=request.user)
        if save_once(form, notice, save):
            messages.success(request, _("The site notice is saved. Nobody has been told yet."))
            return redirect(notice)
    context = {"project": project, "form": form, "heading": heading}
    return render(request, "projects/notices/site_notice_form.html", context)


@may_change
def notice_detail(request: StaffRequest, pk: int, notice_pk: int) -> HttpResponse:
    notice = _notice(request, pk, notice_pk)
    around = telling.neighbours(notice)
    open_ones = [one for one in around if not one.told]
    ways = {way: sum(1 for one in open_ones if one.way == way) for way in telling.Way}
    here = Actor.objects.active().filter(centre=notice.project.centre_id)
    context = {
        "notice": notice,
        "project": notice.project,
        "when": notice.days_in_words,
        "neighbours": around[:SHOWN],
        "count": len(around),
        "mails": ways[telling.Way.MAIL],
        "letters": ways[telling.Way.LETTER],
        "unreachable": sum(1 for one in open_ones if not one.way),
        "printable": sum(1 for one in around if one.told and one.way == telling.Way.LETTER),
        "without_place": here.exclude(addresses__latitude__isnull=False).count(),
    }
    return render(request, "projects/notices/site_notice_detail.html", context)


@may_change
@require_POST
def tell_notice(request: StaffRequest, pk: int, notice_pk: int) -> HttpResponse:
    notice = _notice(request, pk, notice_pk)
    try:
        number = services.tell(notice, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        text = ngettext("%(number)s actor is told.", "%(number)s actors are told.", number)
        messages.success(request, text % {"number": number})
    return redirect(notice)


@may_change
def notice_letters(request: StaffRequest, pk: int, notice_pk: int) -> HttpResponseBase:
    notice = _notice(request, pk, notice_pk)
    try:
        content = telling.letters(notice)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(notice)
    return attachment(content, f"{_('Letters')} {notice.title}.pdf", "application/pdf")


@may_change
def notice_points(request: StaffRequest, pk: int, notice_pk: int) -> JsonResponse:
    notice = _notice(request, pk, notice_pk)
    return JsonResponse(feature_collection(telling.around(notice)), content_type=GEOJSON)


@may_change
def notice_area(request: StaffRequest, pk: int, notice_pk: int) -> JsonResponse:
    return _areas([_notice(request, pk, notice_pk)])


@login_not_required
def public_areas(request: HttpRequest, reference: str) -> JsonResponse:
    """Where the public page's building sites are."""
    project = get_object_or_404(Project.objects.public().only("pk"), reference=reference)
    notices = SiteNotice.objects.public().filter(project=project)
    return _areas(notices.lasting(timezone.localdate()))


def _areas(notices: Any) -> JsonResponse:
    features = [
        {"type": "Feature", "geometry": notice.area, "properties": {"name": notice.title}}
        for notice in notices
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type=GEOJSON)
