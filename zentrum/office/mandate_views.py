"""Mandates, given and ended by the technical administrator on the page of a person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import CreateView, UpdateView

from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.office.forms import MandateEndForm, MandateForm
from zentrum.office.models import Mandate


class MandateCreateView(PermissionRequiredMixin, CreateView):
    permission_required = "accounts.change_user"
    form_class = MandateForm
    template_name = "office/mandate_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.has_permission():
            return self.handle_no_permission()
        self.person = get_object_or_404(User, pk=kwargs["user_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = gettext_lazy("Add a mandate")
        return super().get_context_data(person=self.person, title=title, **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        form.instance.user = self.person
        if not save_once(form, form.instance, form.save):
            return self.form_invalid(form)
        messages.success(self.request, _("The mandate is given."))
        return redirect("accounts:user_detail", pk=self.person.pk)


class MandateEndView(PermissionRequiredMixin, UpdateView):
    request: StaffRequest
    permission_required = "accounts.change_user"
    queryset = Mandate.objects.select_related("user", "carrier", "centre")
    form_class = MandateEndForm
    template_name = "office/mandate_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = gettext_lazy("End of the mandate")
        return super().get_context_data(person=self.object.user, title=title, **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        if self.object.user == self.request.user:
            form.add_error(None, _("Nobody ends their own mandate: ask a colleague."))
            return self.form_invalid(form)
        form.save()
        messages.success(self.request, _("Saved."))
        return redirect("accounts:user_detail", pk=self.object.user_id)
