"""A round through the streets: plan it, walk it, note what was said at each stop."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.care import services
from actors.care.forms import RoundForm, StopForm, VisitForm
from actors.care.models import Round, Visit
from actors.care.radar_views import GEOJSON
from actors.care.stops import Stop, feature_collection, metres_of, stops_of
from actors.directory.models import Actor
from zentrum.accounts.requests import StaffRequest

view = permission_required("actors.visit_actor", raise_exception=True)
ROWS = 30


@view
def round_list(request: StaffRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = services.plan_round([data["actor"]], user=request.user, on=data["on"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(row)
    made = Count("visits", filter=Q(visits__visited_at__isnull=False))
    rounds = (
        Round.objects.visible_to(request.user)
        .select_related("user", "centre")
        .annotate(stops=Count("visits"), made=made)
        .order_by("-on", "-pk")
    )
    page = Paginator(rounds, ROWS).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "today": timezone.localdate()}
    return render(request, "actors/care/round_list.html", context)


@view
def round_today(request: StaffRequest) -> HttpResponse:
    """The user's round of today, or the list when there is none."""
    mine = Round.objects.visible_to(request.user).filter(user=request.user, on=timezone.localdate())
    return redirect(mine.first() or "actors:round_list")


@view
def round_detail(request: StaffRequest, pk: int) -> HttpResponse:
    row = _round(request, pk)
    form = StopForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_round([form.cleaned_data["actor"]], user=row.user, on=row.on)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The round is in walking order."))
            return redirect(row)
    return _page(request, row, form)


def _page(
    request: StaffRequest,
    row: Round,
    form: StopForm,
    *,
    filled: VisitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stops = _stops(request, row)
    context = {
        "round": row,
        "stops": [(stop, _form_of(stop, filled)) for stop in stops],
        "made": sum(stop.visit.visited_at is not None for stop in stops),
        "metres": metres_of(row, stops),
        "form": form,
        "has_places": any(stop.position for stop in stops),
        "is_past": row.on < timezone.localdate(),
    }
    return render(request, "actors/care/round_detail.html", context, status=status)


def _form_of(stop: Stop, filled: VisitForm | None) -> VisitForm:
    if filled and filled.instance.pk == stop.visit.pk:
        return filled
    return VisitForm(instance=stop.visit, auto_id=f"id_{stop.visit.pk}_%s")


@view
def round_geojson(request: StaffRequest, pk: int) -> JsonResponse:
    row = _round(request, pk)
    collection = feature_collection(row, _stops(request, row))
    return JsonResponse(collection, content_type=GEOJSON)


@view
@require_POST
def visit_save(request: StaffRequest, pk: int) -> HttpResponse:
    """Save one stop: JSON for the phone's script, a page for a browser without scripts."""
    visit = _visit(request, pk)
    form = VisitForm(request.POST, instance=visit, auto_id=f"id_{visit.pk}_%s")
    wants_json = request.get_preferred_type(["text/html", "application/json"]) != "text/html"
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"errors": _messages(form)}, status=422)
        row = get_object_or_404(_rounds(request), pk=visit.round_id)
        return _page(request, row, StopForm(user=request.user), filled=form, status=422)
    data = form.cleaned_data
    saved = services.save_visit(visit, by=request.user, **data)
    if wants_json:
        return JsonResponse({"saved": True, "text": saved.text})
    messages.success(request, _("The visit is saved."))
    return redirect(f"{_address(saved)}#stop-{saved.pk}")


def _address(visit: Visit) -> str:
    return (visit.round or visit.actor).get_absolute_url()


def _messages(form: VisitForm) -> list[str]:
    return [str(message) for errors in form.errors.values() for message in errors]


@view
@require_POST
def visit_drop(request: StaffRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    row = get_object_or_404(_rounds(request), pk=visit.round_id)
    try:
        services.drop_stop(visit)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The stop is off the round."))
    return redirect(row)


@view
@require_POST
def visit_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one actor into the round of today, to visit them or to note that one was there."""
    actors = Actor.objects.visible_to(request.user).active().select_related("centre")
    actor = get_object_or_404(actors, pk=pk)
    try:
        row = services.plan_round([actor], user=request.user, on=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(actor)
    visit = row.visits.get(actor=actor)
    return redirect(f"{row.get_absolute_url()}#stop-{visit.pk}")


def _rounds(request: StaffRequest) -> Any:
    return Round.objects.visible_to(request.user).select_related("centre", "user")


def _round(request: StaffRequest, pk: int) -> Round:
    return get_object_or_404(_rounds(request), pk=pk)


def _visit(request: StaffRequest, pk: int) -> Visit:
    visits = Visit.objects.visible_to(request.user).filter(round__isnull=False)
    return get_object_or_404(visits.select_related("actor", "round"), pk=pk)


def _stops(request: StaffRequest, row: Round) -> list[Stop]:
    return stops_of(row.visits.visible_to(request.user))
