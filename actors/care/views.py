"""Contact persons of an actor, and handing actors over to a colleague."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actors.care import services, telling
from actors.care.choosing import HandoverFilter
from actors.care.dossier import files_of
from actors.care.forms import ContactPersonForm, HandoverForm
from actors.care.models import Handover
from actors.care.printing import handover_pdf
from actors.directory.models import Actor, ActorQuerySet
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.office.mandates import within_centres

change = permission_required("actors.change_actor", raise_exception=True)
view = permission_required("actors.visit_actor", raise_exception=True)
lead = permission_required("actors.hand_over_actor", raise_exception=True)
ROWS = 30
MOST_TICKS = 300  # with more actors than that all of them go, without ticks


@change
def contact_person_set(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    form = ContactPersonForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_contact_person(actor, user=data["user"], on=data["starts_on"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The contact person is saved."))
            return redirect(actor)
    context = {
        "form": form,
        "actor": actor,
        "history": actor.contact_persons.select_related("user"),
        "today": timezone.localdate(),
    }
    return render(request, "actors/care/contact_person_form.html", context)


@change
@require_POST
def contact_person_withdraw(request: StaffRequest, pk: int, person_pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(actor.contact_persons, pk=person_pk)
    try:
        services.withdraw_contact_person(row, today=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The entry is taken back."))
    return redirect("actors:contact_person_set", actor.pk)


@view
def handover_list(request: StaffRequest) -> HttpResponse:
    rows = (
        Handover.objects.visible_to(request.user)
        .select_related("from_user", "to_user", "centre")
        .annotate(count=Count("actors"))
        .order_by("-pk")
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "actors/care/handover_list.html", {"page_obj": page})


@lead
def handover_create(request: StaffRequest) -> HttpResponse:
    """Choose by the filter (GET), tick, and hand over (POST to the same address)."""
    chosen = HandoverFilter(request.GET, user=request.user)
    form = HandoverForm(request.POST or None, centre=chosen.one_centre)
    actors = chosen.narrow(_led(request)) if chosen.is_narrowed else Actor.objects.none()
    if request.method == "POST" and form.is_valid():
        try:
            row = _hand_over(request, chosen, form.cleaned_data, actors)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The actors are handed over. Here is the file."))
            return redirect(row)
    return _create_page(request, chosen, form, actors)


def _hand_over(
    request: StaffRequest, chosen: HandoverFilter, data: dict[str, Any], actors: ActorQuerySet
) -> Handover:
    twin = Handover.objects.visible_to(request.user).filter(submission=data["submission"]).first()
    if twin:
        return twin  # the button was pressed twice; the filter may find nobody any more
    if "all" not in request.POST:
        ticked = request.POST.getlist("actors")
        pks = [int(pk) for pk in ticked if pk.isdecimal() and pk.isascii() and len(pk) < 19]
        actors = actors.filter(pk__in=pks)
    found = list(actors.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise ValidationError(_("Please choose at least one actor."), code="nobody")
    return services.hand_over(
        found, centre=chosen.one_centre, from_user=chosen.from_user, by=request.user, **data
    )


def _create_page(
    request: StaffRequest, chosen: HandoverFilter, form: HandoverForm, actors: ActorQuerySet
) -> HttpResponse:
    count = actors.count()
    rows = actors.order_by("sort_text", "pk").prefetch_related("addresses")
    has_ticks = count <= MOST_TICKS
    ticked = request.POST.getlist("actors")
    context = {
        "filter": chosen,
        "form": form,
        "count": count,
        "shown_count": count if chosen.is_narrowed else None,
        "has_ticks": has_ticks,
        "rows": [
            (actor, not ticked or str(actor.pk) in ticked) for actor in (rows if has_ticks else [])
        ],
    }
    return render(request, "actors/care/handover_form.html", context)


def _led(request: StaffRequest) -> ActorQuerySet:
    return Actor.objects.filter(within_centres(request.user, LEADING))


@view
def handover_detail(request: StaffRequest, pk: int) -> HttpResponse:
    row = _handover(request, pk)
    files = files_of(row, request.user)
    theirs = telling.still_theirs(row) if not row.told_at else []
    context = {
        "handover": row,
        "files": files,
        "promises": sum(len(file.promises) for file in files),
        "may_tell": row in _to_tell(request),
        "reachable": sum(bool(telling.address_of(actor)) for actor in theirs),
        "unreachable": [file.actor for file in files if not file.email],
    }
    return render(request, "actors/care/handover_detail.html", context)


@view
def handover_download(request: StaffRequest, pk: int) -> HttpResponse:
    row = _handover(request, pk)
    content = handover_pdf(row, files_of(row, request.user))
    response = HttpResponse(content, content_type="application/pdf")
    name = f"uebergabe-{row.on.isoformat()}-{row.pk}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@lead
@require_POST
def handover_tell(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_to_tell(request), pk=pk)
    was_told = row.told_at is not None
    written = services.tell_actors(row)
    if was_told:
        messages.info(request, _("The actors were told already. Nobody gets a second mail."))
    else:
        text = ngettext(
            "%(number)s actor is told by e-mail.", "%(number)s actors are told by e-mail.", written
        )
        messages.success(request, text % {"number": written})
    return redirect(row)


def _to_tell(request: StaffRequest) -> Any:
    leading = within_centres(request.user, LEADING)
    return Handover.objects.filter(leading).select_related("centre__carrier", "to_user")


def _handover(request: StaffRequest, pk: int) -> Handover:
    rows = Handover.objects.visible_to(request.user)
    people = rows.select_related("centre__town", "from_user", "to_user", "by")
    return get_object_or_404(people, pk=pk)
