"""The sender's side of a case: no account, a signed link or reference and code."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from contacts.cases import services
from contacts.cases.forms import LookupForm, StatusReplyForm
from contacts.cases.links import case_of_confirmation, case_of_status, status_path
from contacts.cases.messages import Attachment
from contacts.cases.models import Case
from contacts.cases.pauses import expected_end
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from zentrum.common.addresses import client_address
from zentrum.common.limits import exceeded
from zentrum.files import services as files
from zentrum.files.models import StoredFile
from zentrum.files.responses import download
from zentrum.office.working_time import OfficeCalendar

QUARTER = 900
HOUR = 3600
View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """For everybody who has the link, and for nobody else: not kept, not found by search engines.

    The referrer stays within the portal ("same-origin", set for every page): "no-referrer" would
    make browsers send "Origin: null", which the protection against forged requests refuses.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(wrapped)


@private
def case_status(request: HttpRequest, signed: str) -> HttpResponse:
    if not (case := case_of_status(signed)):
        return _unknown_link(request)
    if request.method == "POST":
        form = StatusReplyForm(request.POST, request.FILES)
        if _may_write(request, form) and form.is_valid() and _add(case, form):
            messages.success(request, _("Your message has arrived."))
            return redirect(status_path(case))
    else:
        form = StatusReplyForm()
    return render(request, "contacts/cases/case_status.html", _status(case, signed, form))


def _may_write(request: HttpRequest, form: StatusReplyForm) -> bool:
    if not exceeded("status", client_address(request), most=30, seconds=HOUR):
        return True
    refusal = _("Too many messages at once. Nothing is lost: please try again in an hour.")
    form.add_error(None, refusal)
    return False


def _add(case: Case, form: StatusReplyForm) -> bool:
    try:
        _receive(case, form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


@transaction.atomic
def _receive(case: Case, data: dict[str, Any]) -> None:
    uploads = [files.store(upload) for upload in data["files"]]
    message = services.add_incoming(case, text=data["text"], files=uploads)
    if message.attachments.exclude(file__in=uploads).exists():  # sent twice: they are there already
        StoredFile.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()


def _status(case: Case, signed: str, form: StatusReplyForm) -> dict[str, Any]:
    attachments = Prefetch("attachments", Attachment.objects.select_related("file"))
    entries = case.messages.for_sender().select_related("author").prefetch_related(attachments)
    idea = Idea.objects.public().filter(pk=case.idea_id).first() if case.idea_id else None
    return {
        "case": case,
        "expected": _expected(case),
        "signed": signed,
        "entries": entries.defer("search_text").order_by("pk"),
        "form": form,
        "phone": case.owner.phone or case.centre.town.phone,
        "idea": idea,
        "projects": _projects(case),
    }


def _projects(case: Case) -> list[Project]:
    """The public ones that grew from its idea, or that its sender joined."""
    if not (case.idea_id or case.project_id):
        return []
    grown = Q(origins=case.idea_id) if case.idea_id else Q()
    joined = Q(pk=case.project_id) if case.project_id else Q()
    return list(Project.objects.public().filter(grown | joined).distinct())


def _expected(case: Case) -> date:
    """The promised day; for a case that waits, the day if it waits the whole time."""
    if case.state != Case.State.WAITING:
        return case.reply_by
    return expected_end(case, OfficeCalendar.of(case.centre))


@private
def status_attachment(request: HttpRequest, signed: str, pk: int) -> FileResponse:
    case = case_of_status(signed)
    if not case:
        raise Http404
    sent = Attachment.objects.filter(message__in=case.messages.for_sender())
    attachment = sent.select_related("file").filter(pk=pk).first()
    if not attachment:
        raise Http404
    return download(attachment.file)


@private
@never_cache
def status_lookup(request: HttpRequest) -> HttpResponse:
    form = LookupForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        reference, code = form.cleaned_data["reference"], form.cleaned_data["code"]
        if _guesses_too_much(request, reference):
            form.add_error(None, _("Too many attempts. Please try again in a quarter of an hour."))
            status = HTTPStatus.TOO_MANY_REQUESTS
        elif case := _case_of_code(reference, code):
            return redirect(status_path(case))
        else:
            form.add_error(None, _("Reference and code do not fit together. Please check both."))
    return render(request, "contacts/cases/status_lookup.html", {"form": form}, status=status)


def _guesses_too_much(request: HttpRequest, reference: str) -> bool:
    by_visitor = exceeded("lookup", client_address(request), most=10, seconds=QUARTER)
    by_case = exceeded("lookup-case", reference, most=20, seconds=QUARTER)
    return by_visitor or by_case


def _case_of_code(reference: str, code: str) -> Case | None:
    """The same answer and the same work for an unknown reference and for a wrong code."""
    case = Case.objects.filter(reference=reference).first()
    fits = constant_time_compare(case.code if case else "", code)
    return case if case and fits else None


@private
def email_confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """The mailed link opens a page with one button: mail scanners follow links, people press."""
    if not (case := case_of_confirmation(signed)):
        return _unknown_link(request)
    if request.method == "POST":
        services.confirm_email(case)
        messages.success(request, _("Thank you. Your e-mail address is confirmed."))
        return redirect(status_path(case))
    context = {"case": case, "status_path": status_path(case)}
    return render(request, "contacts/cases/email_confirm.html", context)


def _unknown_link(request: HttpRequest) -> HttpResponse:
    template = "contacts/cases/status_unknown.html"
    return render(request, template, {"form": LookupForm()}, status=HTTPStatus.NOT_FOUND)
