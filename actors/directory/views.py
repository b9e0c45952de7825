import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from actors.directory import services
from actors.directory.choosing import best_matches, street_of
from actors.directory.comparing import differences
from actors.directory.forms import ActorEditor
from actors.directory.listing import ActorFilter, sorted_by
from actors.directory.models import (
    Actor,
    ActorQuerySet,
    Address,
    EmailAddress,
    PhoneNumber,
)
from actors.directory.places import MOST_PLACES, feature_collection
from zentrum.accounts.requests import StaffRequest

ROW_PARTS = [  # as plain lists: the rows of the template ask for them again and again
    Prefetch("sectors", to_attr="shown_sectors"),
    Prefetch(
        "addresses",
        Address.objects.only("actor_id", "street", "postcode", "town"),
        to_attr="shown_addresses",
    ),
    Prefetch("phones", PhoneNumber.objects.only("actor_id", "number"), to_attr="shown_phones"),
    Prefetch("emails", EmailAddress.objects.only("actor_id", "email"), to_attr="shown_emails"),
]


class ActorListView(PermissionRequiredMixin, ListView):
    request: StaffRequest
    permission_required = "actors.view_actor"
    template_name = "actors/directory/actor_list.html"
    paginate_by = 50

    def get_queryset(self) -> ActorQuerySet:
        self.filter = ActorFilter(self.request.GET, user=self.request.user)
        actors = self.filter.narrow(Actor.objects.visible_to(self.request.user))
        actors = actors.prefetch_related(*ROW_PARTS).defer("search_text", "description")
        return sorted_by(actors, self.request.GET.get("sort", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.urlencode()
        return context | {
            "filter": self.filter,
            "count": context["paginator"].count,
            "most_places": MOST_PLACES,
            "query": f"?{query}" if query else "",
        }


@permission_required("actors.view_actor", raise_exception=True)
def actor_geojson(request: StaffRequest) -> JsonResponse:
    actors = ActorFilter(request.GET, user=request.user).narrow(
        Actor.objects.visible_to(request.user)
    )
    return _geojson(actors)


@permission_required("actors.view_actor", raise_exception=True)
def actor_place(request: StaffRequest, pk: int) -> JsonResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    return _geojson(Actor.objects.filter(pk=actor.pk))


def _geojson(actors: ActorQuerySet) -> JsonResponse:
    return JsonResponse(feature_collection(actors), content_type="application/geo+json")


@permission_required("actors.view_actor", raise_exception=True)
def actor_choices(request: StaffRequest) -> JsonResponse:
    actors = Actor.objects.visible_to(request.user).active()
    found = best_matches(actors, request.GET.get("q", "")[:200])
    rows = [
        {
            "id": actor.pk,
            "name": str(actor),
            "street": street_of(actor),
            "kind": actor.get_kind_display(),
        }
        for actor in found
    ]
    return JsonResponse({"results": rows})


def _nobody(_editor: ActorEditor) -> list:
    return []


@permission_required("actors.add_actor", raise_exception=True)
def actor_create(
    request: StaffRequest, warn: Callable[[ActorEditor], list] = _nobody
) -> HttpResponse:
    """A new actor. `warn` names actors that it may be; they are shown once before it is saved."""
    editor = ActorEditor(
        request.POST or None,
        actor=Actor(),
        user=request.user,
        initial={
            "submission": uuid.uuid4(),
            "kind": Actor.Kind.ORGANISATION,
            "name": request.GET.get("name", "")[:200],
        },
    )
    if request.method == "POST" and editor.is_valid():
        if "create_anyway" not in request.POST and (likely := warn(editor)):
            return _form_page(request, editor, None, likely=likely)
        actor, data = editor.form.instance, editor.form.cleaned_data
        actor.submission = data["submission"]
        try:
            saved = services.create_actor(
                actor,
                sectors=list(data["sectors"]),
                contact=editor.contact,
                listing=editor.form.listing,
            )
        except ValidationError as refusal:
            editor.form.add_error(None, refusal)
        else:
            messages.success(request, _("The actor “%(name)s” is saved.") % {"name": saved})
            return redirect(saved)
    return _form_page(request, editor, None)


@permission_required("actors.change_actor", raise_exception=True)
def actor_update(request: StaffRequest, pk: int) -> HttpResponse:
    own = Actor.objects.visible_to(request.user).filter(merged_into=None)
    actor = get_object_or_404(own, pk=pk)
    editor = _editor(request, actor, request.POST or None)
    if request.method != "POST" or not editor.is_valid():
        return _form_page(request, editor, actor)
    data = editor.form.cleaned_data
    try:
        services.update_actor(
            actor,
            sectors=list(data["sectors"]),
            contact=editor.contact,
            version=data["version"],
            listing=editor.form.listing,
        )
    except ValidationError as refusal:
        if refusal.code == "stale":
            return _stale_page(request, editor, refusal)
        editor.form.add_error(None, refusal)
        return _form_page(request, editor, actor)
    messages.success(request, _("The actor “%(name)s” is saved.") % {"name": actor})
    return redirect(actor)


def _editor(request: StaffRequest, actor: Actor, data: Any) -> ActorEditor:
    return ActorEditor(data, actor=actor, user=request.user, initial={"version": actor.version})


def _stale_page(
    request: StaffRequest, editor: ActorEditor, refusal: ValidationError
) -> HttpResponse:
    """Both versions, and the visitor's own input in a form that may now overwrite knowingly."""
    stored = Actor.objects.get(pk=editor.form.instance.pk)
    compared = differences(editor, stored)
    data = request.POST.copy()
    data["version"] = str(stored.version)
    again = _editor(request, stored, data)
    again.is_valid()
    again.form.add_error(None, refusal)
    return _form_page(
        request, again, Actor.objects.get(pk=stored.pk), differences=compared, status=409
    )


def _form_page(
    request: StaffRequest,
    editor: ActorEditor,
    actor: Actor | None,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {"editor": editor, "form": editor.form, "actor": actor, **extra}
    return render(request, "actors/directory/actor_form.html", context, status=status)


@permission_required("actors.change_actor", raise_exception=True)
@require_POST
def actor_archive(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    services.archive_actor(actor)
    messages.success(request, _("The actor “%(name)s” is archived.") % {"name": actor})
    return redirect(actor)


@permission_required("actors.change_actor", raise_exception=True)
@require_POST
def actor_unarchive(request: StaffRequest, pk: int) -> HttpResponse:
    own = Actor.objects.visible_to(request.user).filter(merged_into=None)
    actor = get_object_or_404(own, pk=pk)
    services.unarchive_actor(actor)
    messages.success(request, _("The actor “%(name)s” is back in the lists.") % {"name": actor})
    return redirect(actor)
