"""Around an answer: its draft, who else gets it, and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.cases import drafts, undoing
from contacts.cases.actions import change
from contacts.cases.forms import LONGEST_TEXT
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.page import CasePage
from contacts.cases.replying import LONGEST_LIST, ReplyForm, everybody, strangers
from contacts.cases.views import visible_case
from contacts.cases.wording import AnswerTemplate, fill
from zentrum.accounts.requests import StaffRequest
from zentrum.mail.models import OutgoingMail

ANSWER = "#answer"


@change
@require_POST
def reply_draft_save(request: StaffRequest, pk: int) -> JsonResponse:
    """Called by draft.js while somebody writes an answer; each person has their own draft."""
    case = visible_case(request, pk)
    words = {name: request.POST.get(f"reply-{name}", "") for name in ("text", "to", "cc")}
    text, lists = words["text"], (words["to"], words["cc"])
    is_long = len(text) > LONGEST_TEXT or max(map(len, lists)) > LONGEST_LIST
    if is_long or drafts.is_sent(case, request.user, text):
        return JsonResponse({"saved": False})
    drafts.save(request.user, case, **words)
    return JsonResponse({"saved": bool(text)})


@change
@require_POST
def reply_draft_discard(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    drafts.discard(request.user, case)
    return redirect(case)


@change
@require_POST
def reply_to_all(request: StaffRequest, pk: int) -> HttpResponse:
    """Name everybody who took part by mail; the lists are shown, and changed before sending."""
    case = visible_case(request, pk)
    if not _keep(request, case, form := _form(request, case)):
        return CasePage(request, case, form).response()
    entries = case.messages.exclude(mail=None, stranger="", by_mail=False).select_related("mail")
    to, cc = everybody(case, list(entries.order_by("pk")))
    drafts.save(request.user, case, to=", ".join(to), cc=", ".join(cc))
    if unknown := strangers(case, [*to, *cc]):
        words = _("Not known to this case before they wrote: %(who)s. Please check before sending.")
        messages.warning(request, words % {"who": ", ".join(unknown)})
    return redirect(case.get_absolute_url() + ANSWER)


@change
@require_POST
def reply_wording(request: StaffRequest, pk: int) -> HttpResponse:
    """Put the chosen answer template below what was typed; without a choice, offer them."""
    case = visible_case(request, pk)
    if not _keep(request, case, form := _form(request, case)):
        return CasePage(request, case, form).response()
    if not (choice := request.POST.get("template", "")):
        return redirect(f"{case.get_absolute_url()}?wording{ANSWER}")
    templates = AnswerTemplate.objects.visible_to(request.user).filter(carrier=case.carrier_id)
    pk = int(choice) if choice.isdecimal() and len(choice) < 10 else 0
    template = get_object_or_404(templates, pk=pk)
    typed = request.POST.get("reply-text", "").rstrip()
    filled = fill(template.text, case, request.user)
    drafts.save(request.user, case, text="\n\n".join(filter(None, [typed, filled])))
    return redirect(case.get_absolute_url() + ANSWER)


@change
@require_POST
def delivery_settle(request: StaffRequest, pk: int, message_pk: int) -> HttpResponse:
    """Somebody has dealt with it: the failed deliveries of this entry no longer stand on Heute."""
    case = visible_case(request, pk)
    entry = get_object_or_404(case.messages, pk=message_pk)
    failed = OutgoingMail.objects.with_copies(filter(None, [entry.mail_id])).failed()
    failed.filter(settled_at=None).update(settled_at=timezone.now())
    return redirect(f"{case.get_absolute_url()}#entry-{entry.pk}")


def _form(request: StaffRequest, case: Case) -> ReplyForm:
    draft = drafts.of(request.user, case)
    return ReplyForm(request.POST, request.FILES, case=case, draft=draft)


def _keep(request: StaffRequest, case: Case, form: ReplyForm) -> bool:
    """Keep what was typed; False when a file is not taken, which the page then says."""
    form.is_valid()
    form.keep(request.user)
    refused = form.errors.get("files")
    form.errors.clear()
    if refused:
        form.add_error("files", refused)
    return not refused


@change
@require_POST
def reply_take_back(request: StaffRequest, pk: int, message_pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    if Message.objects.filter(pk=message_pk).exclude(case=case).exists():
        raise Http404
    try:
        undoing.take_back(case, message_pk, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(case)
    messages.success(request, _("The answer is taken back. Its text is your draft again."))
    return redirect(case.get_absolute_url() + ANSWER)
