from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.bodies import services
from actors.bodies.composition import composition
from actors.bodies.forms import BodyForm, QuotaForm, SeatForm
from actors.bodies.models import Body, BodyQuerySet, Quota, Seat
from actors.directory.models import Actor
from zentrum.accounts.requests import StaffRequest
from zentrum.common.periods import holding
from zentrum.common.saving import save_once

view = permission_required("actors.view_body", raise_exception=True)
change = permission_required("actors.change_body", raise_exception=True)


@view
def body_list(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    held = holding(today, prefix="seats__") & Q(seats__person__isnull=False, seats__is_voting=True)
    bodies = (
        _visible(request)
        .active()
        .select_related("actor", "contact")
        .annotate(votes=Count("seats", filter=held))
        .order_by("is_external", "actor__sort_text", "pk")
    )
    unruled = Actor.objects.visible_to(request.user).active()
    context = {
        "own": [body for body in bodies if not body.is_external],
        "external": [body for body in bodies if body.is_external],
        "unruled": unruled.filter(kind=Actor.Kind.BODY, body__isnull=True).order_by("sort_text"),
    }
    return render(request, "actors/bodies/body_list.html", context)


@view
def body_detail(request: StaffRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    body = get_object_or_404(_visible(request).select_related("actor__centre", "contact"), pk=pk)
    seats = list(body.seats.select_related("person", "represents", "deputy"))
    current = [seat for seat in seats if _holds_on(seat, today)]
    context = {
        "body": body,
        "day": today,
        "composition": composition(body, current, body.quotas.all()),
        "seats": current,
        "coming": [seat for seat in seats if seat.starts_on > today],
        "past": [seat for seat in seats if seat.ends_on and seat.ends_on < today],
        "quotas": body.quotas.all(),
    }
    return render(request, "actors/bodies/body_detail.html", context)


def _holds_on(seat: Seat, day: Any) -> bool:
    return seat.starts_on <= day and (seat.ends_on is None or seat.ends_on >= day)


@change
def body_create(request: StaffRequest) -> HttpResponse:
    """A new body, or the rules of one that stands in the directory already (?actor=)."""
    wanted = request.GET.get("actor", "")
    actors = Actor.objects.visible_to(request.user).active().filter(kind=Actor.Kind.BODY)
    actor = Actor(kind=Actor.Kind.BODY)
    if wanted.isdecimal() and len(wanted) < 19:
        actor = get_object_or_404(actors.filter(body__isnull=True), pk=wanted)
    return _edit(request, Body(), actor)


@change
def body_update(request: StaffRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(_visible(request).select_related("actor", "contact"), pk=pk)
    return _edit(request, body, body.actor)


def _edit(request: StaffRequest, body: Body, actor: Actor) -> HttpResponse:
    form = BodyForm(request.POST or None, instance=body, user=request.user, actor=actor)
    is_new = body.pk is None
    if request.method == "POST" and form.is_valid():
        if is_new and (twin := _twin(request, actor)):
            return redirect(twin)  # the button was pressed twice
        try:
            services.save_body(body, actor)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        except IntegrityError:  # another press of the button at this very moment
            form.add_error(None, _("This body is there already."))
        else:
            messages.success(request, _("The body is saved."))
            return redirect(body)
    context = {"form": form, "body": body, "is_new": is_new}
    return render(request, "actors/bodies/body_form.html", context)


def _twin(request: StaffRequest, actor: Actor) -> Body | None:
    if not actor.submission:
        return None
    return _visible(request).filter(actor__submission=actor.submission).first()


@change
def quota_create(request: StaffRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(_visible(request).select_related("actor"), pk=pk)
    quota = Quota(body=body)
    form = QuotaForm(request.POST or None, instance=quota)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and save_once(form, quota, quota.save):
        messages.success(request, _("The quota is saved."))
        return redirect(body)
    context = {"form": form, "body": body, "title": _("Add a quota")}
    return render(request, "actors/bodies/part_form.html", context)


@change
@require_POST
def quota_delete(request: StaffRequest, pk: int, quota_pk: int) -> HttpResponse:
    body = get_object_or_404(_visible(request), pk=pk)
    get_object_or_404(body.quotas, pk=quota_pk).delete()
    messages.success(request, _("The quota is removed."))
    return redirect(body)


@change
def seat_create(request: StaffRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(_visible(request).select_related("actor"), pk=pk)
    return _edit_seat(request, Seat(body=body), _("Add a seat"))


@change
def seat_update(request: StaffRequest, pk: int, seat_pk: int) -> HttpResponse:
    return _edit_seat(request, _seat(request, pk, seat_pk), _("Edit the seat"))


def _edit_seat(request: StaffRequest, seat: Seat, title: str) -> HttpResponse:
    form = SeatForm(request.POST or None, instance=seat, user=request.user)
    if request.method == "POST" and form.is_valid():
        twins = seat.body.seats.filter(submission=seat.submission)
        if seat.pk is None and seat.submission and twins.exists():
            return redirect(seat.body)  # the button was pressed twice
        if save_once(form, seat, seat.save):
            messages.success(request, _("The seat is saved."))
            return redirect(seat.body)
    context = {"form": form, "body": seat.body, "title": title}
    return render(request, "actors/bodies/part_form.html", context)


@change
@require_POST
def seat_end(request: StaffRequest, pk: int, seat_pk: int) -> HttpResponse:
    seat = _seat(request, pk, seat_pk)
    try:
        services.end_seat(seat, on=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The seat ends today."))
    return redirect(seat.body)


def _visible(request: StaffRequest) -> BodyQuerySet:
    return Body.objects.visible_to(request.user)


def _seat(request: StaffRequest, pk: int, seat_pk: int) -> Seat:
    seats = Seat.objects.visible_to(request.user).select_related("body__actor", "person")
    return get_object_or_404(seats, body=pk, pk=seat_pk)
