"""The public forms: hand in an idea, report a barrier."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.cases.links import status_path, status_token
from contacts.intake import drafts, keys, services, similar, suspicion
from contacts.intake.forms import BarrierForm, IdeaForm
from contacts.intake.models import Submission
from zentrum.common import limits
from zentrum.common.addresses import client_address
from zentrum.office.models import Centre

HOUR = 3600
Handed = IdeaForm | BarrierForm
MOST_AN_HOUR = 60  # a whole school class may hand in from one connection
NOT_RECOGNISED = _("We could not recognise this form. Nothing is lost: please send it once more.")
SENT_BEFORE = _(
    "You have already handed in this form. If you send it again, it becomes a second one."
)
TOO_MANY = _(
    "Many submissions have come from your connection. Nothing is lost: please send it again in an"
    " hour, or give us a call."
)


@login_not_required
@never_cache
def idea_submit(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = IdeaForm(request.POST, request.FILES, centres=_centres())
        return _hand_in(request, form, "contacts/intake/idea_submit.html", keeps_draft=True)
    draft = drafts.find(keys.draft_of(request))
    form = IdeaForm(initial=_initial(draft), centres=_centres())
    form.renew_key(keys.sign(draft.token if draft else uuid4()))
    context = {"form": form, "draft": draft, "kept_files": drafts.files_of(draft)}
    return render(request, "contacts/intake/idea_submit.html", context)


@login_not_required
@never_cache
def barrier_report(request: HttpRequest) -> HttpResponse:
    template = "contacts/intake/barrier_report.html"
    if request.method == "POST":
        form = BarrierForm(request.POST, centres=_centres())
        return _hand_in(request, form, template, keeps_draft=False)
    form = BarrierForm(initial={"page": _page_before(request)}, centres=_centres())
    form.renew_key(keys.sign(uuid4()))
    return render(request, template, {"form": form})


def _page_before(request: HttpRequest) -> str:
    """The path of the portal page the visitor comes from, without a signed link's secret."""
    address = request.GET.get("seite") or request.META.get("HTTP_REFERER", "")
    try:
        path = urlsplit(address).path
    except ValueError:  # such as "http://[": no address at all
        return ""
    return "" if path.startswith("/status/") else path[:500]


def _centres() -> list[Centre]:
    centres = list(Centre.objects.select_related("town").order_by("name"))
    if not centres:
        raise Http404(_("No centre has been set up yet."))
    return centres


def _initial(draft: Submission | None) -> dict[str, Any]:
    if not draft:
        return {}
    position = [draft.data.get("position_0"), draft.data.get("position_1")]
    return draft.data | ({"position": position} if all(position) else {})


def _hand_in(
    request: HttpRequest, form: Handed, template: str, *, keeps_draft: bool
) -> HttpResponse:
    key = keys.read(request.POST.get("form_key", ""))
    if key is None:
        form.add_error(None, NOT_RECOGNISED)
        return _again(request, form, template, uuid4(), keeps_draft=keeps_draft)
    if keeps_draft and "remove_file" in request.POST:
        return _remove_file(request, form, key.token)
    sent = Submission.objects.select_related("case").filter(token=key.token)
    if earlier := sent.filter(submitted_at__isnull=False).first():
        return _sent_before(request, form, template, earlier, keeps_draft=keeps_draft)
    return _send(request, form, template, key, keeps_draft=keeps_draft)


def _send(
    request: HttpRequest, form: Handed, template: str, key: keys.Key, *, keeps_draft: bool
) -> HttpResponse:
    if (
        isinstance(form, IdeaForm)
        and form.is_valid()
        and (page := similar.step(request, form, key))
    ):
        return page
    if limits.exceeded("submit", client_address(request), most=MOST_AN_HOUR, seconds=HOUR):
        form.add_error(None, TOO_MANY)
        answer = _again(request, form, template, key.token, keeps_draft=keeps_draft)
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return answer
    if form.is_valid() and (submission := _submit(form, key)):
        return keys.forget(redirect("contacts:submission_done", keys.sign_done(submission.token)))
    return _again(request, form, template, key.token, keeps_draft=keeps_draft)


def _submit(form: Handed, key: keys.Key) -> Submission | None:
    entries = form.entries()
    signs = suspicion.find(entries, is_trapped=form.is_trapped, seconds=key.seconds)
    try:
        return services.submit(
            key.token,
            data=entries,
            uploads=form.cleaned_data.get("files", []),
            language=get_language() or "de",
            suspicion=signs,
        )
    except ValidationError as refusal:
        form.add_error("files" if "files" in form.fields else None, refusal.messages)
        return None


def _again(
    request: HttpRequest, form: Handed, template: str, token: UUID, *, keeps_draft: bool
) -> HttpResponse:
    """Show the form with everything that was typed; what is right is kept as a draft as well."""
    form.renew_key(keys.sign(token))
    draft = _keep(form, token) if keeps_draft else None
    context = {"form": form, "draft": None, "kept_files": drafts.files_of(draft)}
    response = render(request, template, context)
    return keys.remember(response, token) if draft else response


def _keep(form: Handed, token: UUID) -> Submission | None:
    uploads = form.cleaned_data.get("files", []) if form.is_bound else []
    language = get_language() or "de"
    try:
        return drafts.save(token, data=form.written(), uploads=uploads, language=language)
    except ValidationError:
        return drafts.save(token, data=form.written(), language=language)


def _sent_before(
    request: HttpRequest, form: Handed, template: str, earlier: Submission, *, keeps_draft: bool
) -> HttpResponse:
    """A second click leads to the same case; another text becomes a second one if wanted."""
    if form.is_valid() and form.entries().items() <= earlier.data.items():
        return keys.forget(redirect("contacts:submission_done", keys.sign_done(earlier.token)))
    form.add_error(None, SENT_BEFORE)
    return _again(request, form, template, uuid4(), keeps_draft=keeps_draft)


def _remove_file(request: HttpRequest, form: Handed, token: UUID) -> HttpResponse:
    drafts.save(token, data=form.written(), language=get_language() or "de")
    number = request.POST["remove_file"]
    if number.isascii() and number.isdecimal() and len(number) < 18:
        drafts.remove_file(token, int(number))
    return keys.remember(redirect("contacts:idea_submit"), token)


@login_not_required
@require_POST
def draft_save(request: HttpRequest) -> HttpResponse:
    """Called by draft.js every few seconds while somebody writes."""
    key = keys.read(request.POST.get("form_key", ""))
    if key is None:
        return JsonResponse({"saved": False}, status=HTTPStatus.BAD_REQUEST)
    if limits.exceeded("draft", client_address(request), most=1500, seconds=HOUR):
        return JsonResponse({"saved": False}, status=HTTPStatus.TOO_MANY_REQUESTS)
    form = IdeaForm(request.POST, centres=_centres())
    draft = drafts.save(key.token, data=form.written(), language=get_language() or "de")
    response = JsonResponse({"saved": bool(draft)})
    return keys.remember(response, key.token) if draft else response


@login_not_required
@require_POST
def draft_discard(request: HttpRequest) -> HttpResponse:
    if draft := drafts.find(keys.draft_of(request)):
        drafts.wipe(draft)
    return keys.forget(redirect("contacts:idea_submit"))


@login_not_required
@never_cache
def submission_done(request: HttpRequest, signed: str) -> HttpResponse:
    token = keys.read_done(signed)
    found = Submission.objects.select_related("case__owner", "case__centre__town")
    submission = found.filter(token=token, submitted_at__isnull=False).first() if token else None
    if not submission:
        raise Http404
    case = submission.case
    context: dict[str, Any] = {"case": case}
    if case:
        context |= {"status_path": status_path(case), "status_token": status_token(case)}
    response = render(request, "contacts/intake/submission_done.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
