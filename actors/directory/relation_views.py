from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.directory import services
from actors.directory.forms import RelationForm
from actors.directory.models import Actor
from actors.directory.relations import Relation
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once


@permission_required("actors.change_actor", raise_exception=True)
def relation_create(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    return _edit(request, actor, Relation())


@permission_required("actors.change_actor", raise_exception=True)
def relation_update(request: StaffRequest, pk: int, relation_pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    return _edit(request, actor, _relation(request, actor, relation_pk))


def _relation(request: StaffRequest, actor: Actor, pk: int) -> Relation:
    relations = Relation.objects.visible_to(request.user).select_related("actor", "other")
    own = relations.filter(actor=actor) | relations.filter(other=actor)
    return get_object_or_404(own, pk=pk)


def _edit(request: StaffRequest, actor: Actor, relation: Relation) -> HttpResponse:
    form = RelationForm(request.POST or None, actor=actor, relation=relation, user=request.user)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and save_once(form, form.relation, form.relation.save):
        messages.success(request, _("The relation is saved."))
        return redirect(actor)
    context = {"form": form, "actor": actor, "is_new": relation.pk is None}
    return render(request, "actors/directory/relation_form.html", context)


@permission_required("actors.change_actor", raise_exception=True)
@require_POST
def relation_end(request: StaffRequest, pk: int, relation_pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    relation = _relation(request, actor, relation_pk)
    try:
        services.end_relation(relation, on=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The relation ends today."))
    return redirect(actor)
