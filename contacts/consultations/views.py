"""The desk's side: ask another office, refer a case, look after what was asked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.cases.messages import Attachment
from contacts.cases.models import Case
from contacts.cases.views import visible_case
from contacts.consultations import answering, services
from contacts.consultations.forms import AskForm, NoteAnswerForm, OutreachForm, ReferForm
from contacts.consultations.listing import ConsultationList
from contacts.consultations.models import Consultation
from zentrum.accounts.requests import StaffRequest
from zentrum.files import services as files

change = permission_required("contacts.change_case", raise_exception=True)
RELATED = ("case__centre__town", "case__owner", "actor", "message", "answer", "asked_by")


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def consultation_list(request: StaffRequest) -> HttpResponse:
    found = ConsultationList(request.GET, request.user)
    context = {"found": found, "page": found.page(), "day": timezone.localdate()}
    return render(request, "contacts/consultations/consultation_list.html", context)


@change
@never_cache
def consultation_create(request: StaffRequest, pk: int) -> HttpResponse:
    return _reach_out(request, visible_case(request, pk), AskForm)


@change
@never_cache
def referral_create(request: StaffRequest, pk: int) -> HttpResponse:
    return _reach_out(request, visible_case(request, pk), ReferForm)


def _reach_out(request: StaffRequest, case: Case, kind: type[OutreachForm]) -> HttpResponse:
    if request.method == "POST":
        form = kind(request.POST, request.FILES, case=case, user=request.user)
        if form.is_valid():
            try:
                made = _send(request, case, form)
            except ValidationError as refusal:
                case = visible_case(request, case.pk)
                form.case = case
                form.refuse(refusal)
                form.catch_up()
            else:
                words = _("The mail to %(name)s is on its way.")
                messages.success(request, words % {"name": made.name})
                return redirect(case)
    else:
        form = kind.unbound(case, request.user)
    context = {"case": case, "form": form}
    return render(request, "contacts/consultations/outreach_form.html", context)


@transaction.atomic
def _send(request: StaffRequest, case: Case, form: OutreachForm) -> Consultation:
    uploads = [files.store(upload, user=request.user) for upload in form.cleaned_data["files"]]
    act = services.refer if form.is_referral else services.ask
    return act(case, form.letter(uploads), by=request.user, **form.options())


@permission_required("contacts.view_case", raise_exception=True)
@never_cache
def consultation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _visible(request: StaffRequest, pk: int) -> Consultation:
    rows = Consultation.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def _page(
    request: StaffRequest, consultation: Consultation, form: NoteAnswerForm | None = None
) -> HttpResponse:
    attachments = Attachment.objects.select_related("file").order_by("pk")
    context: dict[str, Any] = {
        "consultation": consultation,
        "case": consultation.case,
        "asked_files": attachments.filter(message=consultation.message_id),
        "answer_files": attachments.filter(message=consultation.answer_id),
        "mails": consultation.mails.defer("text", "html").order_by("pk"),
        "form": form or NoteAnswerForm(consultation=consultation),
        "day": timezone.localdate(),
    }
    return render(request, "contacts/consultations/consultation_detail.html", context)


@change
@require_POST
def consultation_note(request: StaffRequest, pk: int) -> HttpResponse:
    consultation = _visible(request, pk)
    form = NoteAnswerForm(request.POST, request.FILES, consultation=consultation)
    if form.is_valid():
        try:
            via = services.Via.DESK
            answering.take_in(consultation, form.cleaned_data, via=via, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect(consultation.case)
    return _page(request, _visible(request, pk), form)


@change
@require_POST
def consultation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    consultation = _visible(request, pk)
    try:
        services.withdraw(consultation, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("It is withdrawn, and %(name)s is told.") % vars(consultation))
    return redirect(consultation)


@change
@require_POST
def consultation_remind(request: StaffRequest, pk: int) -> HttpResponse:
    consultation = _visible(request, pk)
    try:
        services.remind(consultation)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(name)s is reminded by mail.") % vars(consultation))
    return redirect(consultation)
