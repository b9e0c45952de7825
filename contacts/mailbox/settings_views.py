"""The mailboxes of the desk, set up by manager and deputy."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import CreateView, ListView, UpdateView

from contacts.mailbox.forms import MailboxForm
from contacts.mailbox.models import Mailbox
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once

FORM = "office/form.html"


class MailboxListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "office.view_office"
    template_name = "contacts/mailbox/mailbox_list.html"

    def get_queryset(self) -> QuerySet[Mailbox]:
        mailboxes = Mailbox.objects.visible_to(self.request.user)
        return mailboxes.select_related("carrier", "centre").order_by("name")


class SavedOnceMixin:
    """A second press of the button saves nothing; the form says that the mailbox is there."""

    def get_form_kwargs(self: Any) -> dict[str, Any]:
        return super().get_form_kwargs() | {"acting": self.request.user}  # type: ignore[misc]

    def form_valid(self: Any, form: ModelForm) -> HttpResponse:
        if not save_once(form, form.instance, form.save):
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("contacts:mailbox_list")


class MailboxCreateView(PermissionRequiredMixin, SavedOnceMixin, CreateView):
    permission_required = "office.change_office"
    template_name = FORM
    form_class = MailboxForm
    extra_context = {"title": _("Add a mailbox")}


class MailboxUpdateView(PermissionRequiredMixin, SavedOnceMixin, UpdateView):
    request: StaffRequest
    permission_required = "office.change_office"
    template_name = FORM
    form_class = MailboxForm
    extra_context = {"title": _("Change the mailbox")}

    def get_queryset(self) -> QuerySet[Mailbox]:
        return Mailbox.objects.visible_to(self.request.user)
