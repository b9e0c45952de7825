"""One message in full, and the steps that bring it, or its whole case, to another case."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.views import visible_case
from contacts.mailbox import services, sorting
from contacts.mailbox.forms import CaseReferenceForm
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download

sort = permission_required("contacts.sort_mail", raise_exception=True)
view = permission_required("contacts.view_case", raise_exception=True)


def _visible_message(request: StaffRequest, pk: int) -> Message:
    """A message that came in, in a case that this person may see."""
    came = (Message.Kind.INCOMING, Message.Kind.ADVICE)
    mine = Message.objects.filter(case__in=Case.objects.visible_to(request.user), kind__in=came)
    return get_object_or_404(mine.select_related("case"), pk=pk)


@view
@never_cache
def message_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _visible_message(request, pk), CaseReferenceForm(user=request.user))


def _page(request: StaffRequest, message: Message, form: CaseReferenceForm) -> HttpResponse:
    mail = message.incoming_mails.select_related("raw").order_by("pk").first()
    context = {"message": message, "case": message.case, "mail": mail, "form": form}
    return render(request, "contacts/mailbox/message_detail.html", context)


@view
def message_raw(request: StaffRequest, pk: int) -> FileResponse:
    """The mail as it came, as a download that nothing runs."""
    message = _visible_message(request, pk)
    mail = message.incoming_mails.select_related("raw").order_by("pk").first()
    if not mail or not mail.raw:
        raise Http404(_("The raw mail is no longer kept."))
    return download(mail.raw)


@sort
@require_POST
def message_move(request: StaffRequest, pk: int) -> HttpResponse:
    message = _visible_message(request, pk)
    form = CaseReferenceForm(request.POST, user=request.user)
    if form.is_valid():
        to = form.cleaned_data["reference"]
        if _done(form, lambda: sorting.move(message, to, by=request.user)):
            messages.success(request, _("The message now belongs to this case."))
            return redirect(to)
    return _page(request, message, form)


@sort
@require_POST
def message_split(request: StaffRequest, pk: int) -> HttpResponse:
    message = _visible_message(request, pk)
    try:
        case = sorting.split(message, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("contacts:message_detail", pk)
    messages.success(request, _("The message is now a case of its own."))
    return redirect(case)


@sort
def case_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """The page that asks for the other case; the suggestion on the case's page sends it at once."""
    case = visible_case(request, pk)
    form = CaseReferenceForm(request.POST or None, user=request.user)
    if form.is_valid():
        into = form.cleaned_data["reference"]
        if _done(form, lambda: sorting.merge(case, into, by=request.user)):
            messages.success(request, _("Both cases are one now."))
            return redirect(into)
    context = {"case": case, "form": form}
    return render(request, "contacts/mailbox/case_merge.html", context)


@sort
@require_POST
def suggestion_drop(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    services.drop_suggestion(case)
    return redirect(case)


def _done(form: CaseReferenceForm, do: Callable[[], None]) -> bool:
    try:
        do()
    except ValidationError as refusal:
        form.add_error("reference", refusal.messages)
        return False
    return True
