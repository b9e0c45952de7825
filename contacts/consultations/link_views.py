"""The other side's page: no account, a signed link from the mail."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.cases.forms import LONGEST_TEXT
from contacts.cases.messages import Attachment
from contacts.cases.status_views import HOUR, private
from contacts.consultations import answering
from contacts.consultations.forms import AnswerForm
from contacts.consultations.links import answer_path, consultation_of_token
from contacts.consultations.models import Consultation
from contacts.consultations.services import Via
from zentrum.common.addresses import client_address
from zentrum.common.limits import exceeded
from zentrum.files.responses import download

TEMPLATE = "contacts/consultations/consultation_answer.html"


@private
def consultation_answer(request: HttpRequest, signed: str) -> HttpResponse:
    consultation = consultation_of_token(signed)
    if not consultation or not consultation.link_holds(timezone.localdate()):
        return _closed(request, consultation)
    if request.method != "POST":
        form = AnswerForm(consultation=consultation, initial={"text": consultation.draft})
        return _page(request, consultation, signed, form)
    form = AnswerForm(request.POST, request.FILES, consultation=consultation)
    if "keep" in request.POST:
        return _keep(request, consultation)
    if not _may_write(request, form) or not form.is_valid() or not _take_in(consultation, form):
        return _page(request, consultation, signed, form)
    return redirect(answer_path(consultation))  # that page says that it has arrived


def _may_write(request: HttpRequest, form: AnswerForm) -> bool:
    if not exceeded("consultation", client_address(request), most=30, seconds=HOUR):
        return True
    form.add_error(
        None, _("Too many messages at once. Nothing is lost: please try again in an hour.")
    )
    return False


def _take_in(consultation: Consultation, form: AnswerForm) -> bool:
    try:
        answering.take_in(consultation, form.cleaned_data, via=Via.LINK)
    except ValidationError as refusal:
        if getattr(refusal, "code", "") == "settled":  # pressed twice: it has arrived
            return True
        form.add_error(None, refusal.messages)
        return False
    return True


def _keep(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    if _save_draft(request, consultation):
        messages.success(request, _("Draft saved."))
    return redirect(answer_path(consultation))


def _save_draft(request: HttpRequest, consultation: Consultation) -> bool:
    """Keep the text while the question is open: the last save may come after the answer."""
    text = request.POST.get("text", "").replace("\0", "")
    who = client_address(request)
    if len(text) > LONGEST_TEXT or exceeded("consultation-draft", who, most=600, seconds=HOUR):
        return False
    return bool(Consultation.objects.open().filter(pk=consultation.pk).update(draft=text))


@private
@require_POST
def consultation_draft(request: HttpRequest, signed: str) -> JsonResponse:
    """Called by draft.js while they write; files are never part of a draft."""
    consultation = consultation_of_token(signed)
    if not consultation:
        raise Http404
    return JsonResponse({"saved": _save_draft(request, consultation)})


@private
def consultation_file(request: HttpRequest, signed: str, pk: int) -> FileResponse:
    """A file that was chosen for them, as long as the link holds."""
    consultation = consultation_of_token(signed)
    if not consultation or not consultation.link_holds(timezone.localdate()):
        raise Http404
    sent = Attachment.objects.filter(message=consultation.message_id).select_related("file")
    attachment = sent.filter(pk=pk).first()
    if not attachment:
        raise Http404
    return download(attachment.file)


def _page(
    request: HttpRequest, consultation: Consultation, signed: str, form: AnswerForm
) -> HttpResponse:
    files = Attachment.objects.filter(message=consultation.message_id).select_related("file")
    context: dict[str, Any] = {
        "consultation": consultation,
        "case": consultation.case,
        "signed": signed,
        "files": files.order_by("pk"),
        "form": form,
        "day": timezone.localdate(),
    }
    return render(request, TEMPLATE, context)


def _closed(request: HttpRequest, consultation: Consultation | None) -> HttpResponse:
    """Answered, withdrawn, expired or forged: said in words. Who answered reads it once more."""
    status = HTTPStatus.OK if consultation else HTTPStatus.NOT_FOUND
    context = {"consultation": consultation}
    return render(request, "contacts/consultations/link_closed.html", context, status=status)
