from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Prefetch, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from zentrum.accounts import services
from zentrum.accounts.forms import UserFilterForm, UserForm, UserUpdateForm
from zentrum.accounts.inviting import invite
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest

PAUSE = 60  # seconds between two invitations of one person


def with_mandates() -> QuerySet[User]:
    """People with all their mandates, the latest first, in three queries."""
    mandate: Any = User.mandates.rel.related_model
    mandates = mandate.objects.order_by("-starts_on", "-pk").select_related("carrier", "centre")
    return User.objects.prefetch_related(Prefetch("mandates", mandates))


class UserListView(PermissionRequiredMixin, ListView):
    permission_required = "accounts.view_user"
    template_name = "accounts/user_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[User]:
        self.filter_form = UserFilterForm(self.request.GET)
        people = with_mandates().order_by("-is_active", "name", "pk")
        if self.filter_form.is_valid() and (words := self.filter_form.cleaned_data["q"]):
            people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
        return people

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(filter_form=self.filter_form, today=today, **kwargs)


class UserDetailView(PermissionRequiredMixin, DetailView):
    permission_required = "accounts.view_user"
    template_name = "accounts/user_detail.html"
    context_object_name = "person"

    def get_queryset(self) -> QuerySet[User]:
        return with_mandates()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(today=timezone.localdate(), **kwargs)


class UserCreateView(PermissionRequiredMixin, CreateView):
    permission_required = "accounts.add_user"
    form_class = UserForm
    template_name = "accounts/user_form.html"

    def form_valid(self, form: ModelForm) -> HttpResponse:
        try:
            user = services.add_person(**form.cleaned_data)
        except (IntegrityError, ValidationError):  # added at this very moment
            form.add_error("email", _("There is already an account with this address."))
            return self.form_invalid(form)
        messages.success(self.request, _("The account is set up. A link is on its way by e-mail."))
        return redirect("accounts:user_detail", pk=user.pk)


class UserUpdateView(PermissionRequiredMixin, UpdateView):
    request: StaffRequest
    permission_required = "accounts.change_user"
    model = User
    form_class = UserUpdateForm
    template_name = "accounts/user_form.html"
    context_object_name = "person"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"acting": self.request.user}

    def form_valid(self, form: ModelForm) -> HttpResponse:
        services.change_person(form.instance)
        messages.success(self.request, _("Saved."))
        return redirect("accounts:user_detail", pk=form.instance.pk)


@permission_required("accounts.change_user", raise_exception=True)
@require_POST
def invite_user(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk, is_active=True)
    if cache.add(f"invited:{user.pk}", True, PAUSE):
        invite(user)
        messages.success(request, _("A new link is on its way by e-mail."))
    else:
        messages.info(request, _("A link was sent a moment ago: please wait a minute."))
    return redirect(reverse("accounts:user_detail", args=[pk]))
