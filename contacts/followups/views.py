"""Follow-ups: the list, planning one about a matter, moving and settling it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.followups import services
from contacts.followups.follow_ups import ABOUT, FollowUp
from contacts.followups.forms import FollowUpFilterForm, MoveForm, PlanForm, SettleForm
from zentrum.accounts.requests import StaffRequest

PAGE_SIZE = 50
change = permission_required("contacts.change_followup", raise_exception=True)


@permission_required("contacts.view_followup", raise_exception=True)
@never_cache
def follow_up_list(request: StaffRequest) -> HttpResponse:
    """All that one sees, or those about one matter (`?about=case-17`): its page asks for them."""
    about = _about(request) if "about" in request.GET else None
    rows = FollowUp.objects.visible_to(request.user)
    if about:
        rows = rows.filter(**{_name_of(about): about})
    form = FollowUpFilterForm(request.GET, user=request.user)
    rows = form.narrow(rows).with_matters().order_by("due_on", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "about": about, "form": form, "day": timezone.localdate()}
    return render(request, "contacts/followups/follow_up_list.html", context)


@change
@never_cache
def follow_up_create(request: StaffRequest) -> HttpResponse:
    about = _about(request)
    form = PlanForm.about(about, request.user, request.POST or None)

    def plan(data: dict[str, Any]) -> FollowUp:
        return services.plan(about, by=request.user, **data)

    if form.is_valid() and (follow_up := _do(form, plan)):
        _tell_day(request, follow_up)
        return redirect(about)
    context = {"form": form, "about": about}
    return render(request, "contacts/followups/follow_up_form.html", context)


@change
@never_cache
def follow_up_update(request: StaffRequest, pk: int) -> HttpResponse:
    follow_up = _visible(request, pk)
    form = MoveForm.of(follow_up, request.POST or None)

    def move(data: dict[str, Any]) -> FollowUp:
        services.move(follow_up, by=request.user, **data)
        return follow_up

    if form.is_valid() and _do(form, move):
        _tell_day(request, follow_up)
        return redirect(follow_up.about)
    context = {"form": form, "about": follow_up.about, "follow_up": follow_up}
    return render(request, "contacts/followups/follow_up_form.html", context)


@change
@require_POST
def follow_up_complete(request: StaffRequest, pk: int) -> HttpResponse:
    follow_up = _visible(request, pk)

    def complete(data: dict[str, Any]) -> FollowUp | None:
        return services.complete(follow_up, by=request.user, **data)

    if upcoming := _settle(request, complete, _("The follow-up is done.")):
        _tell_day(request, upcoming)
    return redirect(follow_up.about)


@change
@require_POST
def follow_up_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    follow_up = _visible(request, pk)

    def withdraw(data: dict[str, Any]) -> None:
        services.withdraw(follow_up, by=request.user, **data)

    _settle(request, withdraw, _("The follow-up is withdrawn."))
    return redirect(follow_up.about)


def _visible(request: StaffRequest, pk: int) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user)
    related = ("assignee", "created_by", "carrier", "centre", *ABOUT)
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _about(request: StaffRequest) -> Any:
    """The matter that the address names (`about=case-17`); 404 if this person may not see it."""
    name, _dash, number = request.GET.get("about", "").partition("-")
    is_id = number.isascii() and number.isdecimal() and len(number) < 18
    if name not in ABOUT or not is_id:
        raise Http404
    return get_object_or_404(ABOUT[name].objects.visible_to(request.user), pk=int(number))


def _name_of(about: Any) -> str:
    return next(name for name, model in ABOUT.items() if isinstance(about, model))


def _do(form: Any, step: Callable[[dict[str, Any]], Any]) -> Any:
    try:
        return step(form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal if hasattr(refusal, "error_dict") else refusal.messages)
        return None


def _settle(request: StaffRequest, step: Callable[[dict[str, Any]], Any], done: str) -> Any:
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, services.STALE)
        return None
    try:
        result = step(form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return None
    messages.success(request, done)
    return result


def _tell_day(request: StaffRequest, follow_up: FollowUp) -> None:
    day = formats.date_format(follow_up.due_on, "l, j. F Y")
    messages.success(request, _("Planned for %(day)s.") % {"day": day})
