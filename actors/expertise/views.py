from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.directory.models import Actor
from actors.expertise.finding import who_can_help
from actors.expertise.forms import ExpertiseForm, HelpForm
from actors.expertise.models import Expertise, FieldOfExpertise
from actors.expertise.services import save_expertise
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once

change = permission_required("actors.change_actor", raise_exception=True)


@permission_required("actors.view_actor", raise_exception=True)
def expertise_search(request: StaffRequest) -> HttpResponse:
    form = HelpForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "words": words,
        "hits": who_can_help(words, request.user),
        "fields": FieldOfExpertise.objects.all()[:100],
    }
    return render(request, "actors/expertise/expertise_search.html", context)


@change
def expertise_create(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    return _edit(request, Expertise(actor=actor), _("Add expertise"))


@change
def expertise_update(request: StaffRequest, pk: int, expertise_pk: int) -> HttpResponse:
    return _edit(request, _row(request, pk, expertise_pk), _("Edit the expertise"))


def _edit(request: StaffRequest, row: Expertise, title: str) -> HttpResponse:
    form = ExpertiseForm(request.POST or None, instance=row)

    def save() -> None:
        save_expertise(row, field_name=form.cleaned_data["name"])

    if request.method == "POST" and form.is_valid() and save_once(form, row, save):
        messages.success(request, _("The expertise is saved."))
        return redirect(row.actor)
    context = {"form": form, "actor": row.actor, "title": title}
    return render(request, "actors/expertise/expertise_form.html", context)


@change
@require_POST
def expertise_delete(request: StaffRequest, pk: int, expertise_pk: int) -> HttpResponse:
    row = _row(request, pk, expertise_pk)
    row.delete()
    messages.success(request, _("The expertise is removed."))
    return redirect(row.actor)


def _row(request: StaffRequest, pk: int, expertise_pk: int) -> Expertise:
    rows = Expertise.objects.visible_to(request.user).select_related("actor", "field")
    return get_object_or_404(rows, actor=pk, pk=expertise_pk)
