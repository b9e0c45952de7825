from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, TemplateView

from zentrum.accounts.requests import StaffRequest
from zentrum.files.models import StoredFile
from zentrum.files.responses import download
from zentrum.mail import services
from zentrum.mail.delivering import headers_of
from zentrum.mail.forms import OutboxFilterForm
from zentrum.mail.models import MailAttachment, OutgoingMail, OutgoingMailQuerySet

PER_PAGE = 50


class OutgoingListView(PermissionRequiredMixin, TemplateView):
    """The newest first; `?before=` leads on, so the page costs the same however long the box is."""

    request: StaffRequest
    permission_required = "mail.view_outgoingmail"
    template_name = "mail/outgoing_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = OutboxFilterForm(self.request.GET)
        mails = form.apply(OutgoingMail.objects.visible_to(self.request.user))
        if (before := self.request.GET.get("before", "")).isdecimal() and len(before) < 19:
            mails = mails.filter(pk__lt=int(before))
        shown = list(mails.defer("text", "html").order_by("-pk")[: PER_PAGE + 1])
        following = ""
        if len(shown) > PER_PAGE:
            query = self.request.GET.copy()
            query["before"] = str(shown[PER_PAGE - 1].pk)
            following = f"?{query.urlencode()}"
        context = {"filter_form": form, "mails": shown[:PER_PAGE], "following": following}
        return super().get_context_data(**context, **kwargs)


class OutgoingDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "mail.view_outgoingmail"
    template_name = "mail/outgoing_detail.html"
    context_object_name = "mail"

    def get_queryset(self) -> OutgoingMailQuerySet:
        return OutgoingMail.objects.visible_to(self.request.user).select_related("copy_of")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = self.object.first
        context = {
            "headers": headers_of(self.object),
            "attachments": first.attachments.select_related("file").order_by("pk"),
            "deliveries": OutgoingMail.objects.with_copies([first.pk]).defer("text", "html"),
        }
        return super().get_context_data(**context, **kwargs)


@permission_required("mail.view_outgoingmail", raise_exception=True)
@require_POST
def try_again(request: StaffRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    try:
        services.try_again(mail)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The mail is on its way again."))
    return redirect("mail:outgoing_detail", pk=pk)


@permission_required("mail.view_outgoingmail", raise_exception=True)
def attachment(request: StaffRequest, pk: int, file_pk: int) -> FileResponse:
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    attached = MailAttachment.objects.filter(mail=mail.copy_of_id or mail.pk).values("file")
    return download(get_object_or_404(StoredFile, pk=file_pk, pk__in=attached))
