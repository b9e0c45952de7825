"""The incoming mail of the desk: what was held back, and the log of everything that came."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.mailbox import services
from contacts.mailbox.forms import MailFilterForm
from contacts.mailbox.models import IncomingMail
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download

PER_PAGE = 50
sort = permission_required("contacts.sort_mail", raise_exception=True)


@sort
@never_cache
def mail_list(request: StaffRequest) -> HttpResponse:
    """The newest first; `?before=` leads on, so the page costs the same however long the log is."""
    form = MailFilterForm(request.GET)
    mails = form.apply(IncomingMail.objects.visible_to(request.user))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        mails = mails.filter(pk__lt=int(before))
    rows = mails.select_related("mailbox", "case").defer("html", "people")
    shown = list(rows.order_by("-pk")[: PER_PAGE + 1])
    context = {
        "filter_form": form,
        "mails": shown[:PER_PAGE],
        "following": _following(request, shown) if len(shown) > PER_PAGE else "",
    }
    return render(request, "contacts/mailbox/mail_list.html", context)


def _following(request: StaffRequest, shown: list[IncomingMail]) -> str:
    query = request.GET.copy()
    query["before"] = str(shown[PER_PAGE - 1].pk)
    return f"?{query.urlencode()}"


def _visible(request: StaffRequest, pk: int) -> IncomingMail:
    return get_object_or_404(IncomingMail.objects.visible_to(request.user), pk=pk)


@sort
def mail_raw(request: StaffRequest, pk: int) -> FileResponse:
    """The mail as it came, as a download that nothing runs."""
    mail = _visible(request, pk)
    if not mail.raw:
        raise Http404(_("The raw mail is no longer kept."))
    return download(mail.raw)


@sort
@require_POST
def mail_try_again(request: StaffRequest, pk: int) -> HttpResponse:
    done = _("The portal reads the mail once more.")
    return _act(request, lambda: services.try_again(_visible(request, pk)), done)


@sort
@require_POST
def mail_discard(request: StaffRequest, pk: int) -> HttpResponse:
    done = _("The mail is discarded.")
    return _act(request, lambda: services.discard(_visible(request, pk)), done)


@sort
@require_POST
def mail_make_case(request: StaffRequest, pk: int) -> HttpResponse:
    mail = _visible(request, pk)
    try:
        case = services.make_case(mail, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("contacts:mail_list")
    messages.success(request, _("The mail is now %(reference)s.") % {"reference": case.reference})
    return redirect(case)


def _act(request: StaffRequest, do: Callable[[], None], done: str) -> HttpResponse:
    try:
        do()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("contacts:mail_list")
