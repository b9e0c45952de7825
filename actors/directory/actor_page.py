"""The page of one actor: who they are, relations, what is known and what happened."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from actors.directory import timeline
from actors.directory.models import Actor, ActorQuerySet
from actors.directory.noting import NoteForm, add_note
from actors.directory.relating import sides_of
from zentrum.accounts.requests import StaffRequest
from zentrum.mail.services import failing_addresses


class ActorDetailView(PermissionRequiredMixin, DetailView):
    request: StaffRequest
    permission_required = "actors.view_actor"
    template_name = "actors/directory/actor_detail.html"

    def get_queryset(self) -> ActorQuerySet:
        actors = Actor.objects.visible_to(self.request.user)
        return actors.select_related("centre", "merged_into").prefetch_related("emails")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.object.merged_into:
            return redirect(self.object.merged_into)  # the address before the merge
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        addresses = list(actor.addresses.all())
        sides = sides_of(actor, user, timezone.localdate())
        context |= {
            "addresses": [address for address in addresses if str(address)],
            "bounced": failing_addresses(row.email for row in actor.emails.all()),
            "has_place": any(a.is_main and a.latitude is not None for a in addresses),
            "current_sides": [side for side in sides if side.is_current],
            "other_sides": [side for side in sides if not side.is_current],
            "note_form": NoteForm(),
        }
        return context | self._timeline(actor)

    def _timeline(self, actor: Actor) -> dict[str, Any]:
        kinds = timeline.kinds_for(self.request.user)
        kind = self.request.GET.get("happened", "")
        kind = kind if kind in dict(kinds) else ""
        shown = _whole_number(self.request.GET.get("entries", ""))
        entries = timeline.entries_of(actor, self.request.user, kind=kind, most=shown)
        return {
            "entries": entries[:shown],
            "happened": kind,
            "more": shown + timeline.STEP if len(entries) > shown else None,
            "kinds": [
                {
                    "label": label,
                    "url": f"?happened={value}#timeline",
                    "is_current": value == kind,
                }
                for value, label in [("", _("Everything")), *kinds]
            ],
        }


def _whole_number(wish: str) -> int:
    """How many entries are wished: a round number, whatever the address says."""
    number = int(wish) if wish.isdecimal() and wish.isascii() and len(wish) < 6 else 0
    return min(max(number, timeline.STEP), timeline.MOST)


@permission_required("actors.change_actor", raise_exception=True)
def note_create(request: StaffRequest, pk: int) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_note(actor, author=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("The note is saved."))
        return redirect(f"{actor.get_absolute_url()}#timeline")
    context = {"form": form, "actor": actor}
    return render(request, "actors/directory/note_form.html", context)
