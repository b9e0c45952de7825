"""Where manager and deputy keep the answer templates and the signature of their carriers."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView, UpdateView

from contacts.cases.wording import EXPLAINED, AnswerTemplate, Signature, WordingQuerySet
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.common.saving import save_once
from zentrum.office.models import Carrier

PERMISSION = "contacts.change_wording"


def carriers_led_by(user: User) -> QuerySet[Carrier]:
    keys = {mandate.carrier_id for mandate in user.current_mandates if mandate.role in LEADING}
    return Carrier.objects.filter(pk__in=keys)


class AnswerTemplateForm(forms.ModelForm):
    """Who leads only one carrier is not asked whose template it is; it stays with that one."""

    class Meta:
        model = AnswerTemplate
        fields = ["carrier", "name", "text"]
        widgets = {"text": forms.Textarea({"rows": 10})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["carrier"]
            return
        choice = cast("forms.ModelChoiceField", self.fields["carrier"])
        choice.queryset = carriers = carriers_led_by(user)
        if len(carriers) == 1:
            choice.initial = carriers[0]
            choice.widget = choice.hidden_widget()


class SignatureForm(forms.ModelForm):
    class Meta:
        model = Signature
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 6})}


class WordingListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = PERMISSION
    template_name = "contacts/cases/wording_list.html"
    paginate_by = 50

    def get_queryset(self) -> WordingQuerySet:
        templates = AnswerTemplate.objects.led_by(self.request.user).select_related("carrier")
        return templates.order_by("carrier__name", "name", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        carriers = carriers_led_by(self.request.user).select_related("signature")
        return super().get_context_data(carriers=carriers.order_by("name", "pk"), **kwargs)


class WordingEditView(PermissionRequiredMixin, UpdateView):
    """A page with one form; a second press of the button saves nothing."""

    request: StaffRequest
    permission_required = PERMISSION
    template_name = "contacts/cases/wording_form.html"
    success_url = reverse_lazy("contacts:wording_list")

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        if not save_once(form, form.instance, form.save):
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(str(self.success_url))


class TemplateUpdateView(WordingEditView):
    form_class = AnswerTemplateForm
    extra_context = {"title": gettext_lazy("Change the template"), "placeholders": EXPLAINED}

    def get_queryset(self) -> WordingQuerySet:
        return AnswerTemplate.objects.led_by(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}


class TemplateCreateView(TemplateUpdateView):
    extra_context = {"title": gettext_lazy("New template"), "placeholders": EXPLAINED}

    def get_object(self, queryset: Any = None) -> AnswerTemplate:
        return AnswerTemplate()


class SignatureUpdateView(WordingEditView):
    form_class = SignatureForm
    extra_context = {"title": gettext_lazy("Signature")}

    def get_object(self, queryset: Any = None) -> Signature:
        """The carrier's signature, a new one when it has none yet."""
        carriers = carriers_led_by(self.request.user).select_related("signature")
        carrier = get_object_or_404(carriers, pk=self.kwargs["carrier_pk"])
        return getattr(carrier, "signature", None) or Signature(carrier=carrier)


@permission_required(PERMISSION, raise_exception=True)
@require_POST
def template_remove(request: StaffRequest, pk: int) -> HttpResponse:
    get_object_or_404(AnswerTemplate.objects.led_by(request.user), pk=pk).delete()
    messages.success(request, _("The template is removed. Answers that used it stay as they are."))
    return redirect("contacts:wording_list")
