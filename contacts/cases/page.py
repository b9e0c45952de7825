"""The page of one case: its timeline, and a form for each step that is possible now."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases import forms
from contacts.cases.links import status_token
from contacts.cases.messages import Attachment, Message, ReplyDraft
from contacts.cases.models import Case
from contacts.cases.timeline import STALE
from zentrum.accounts.requests import StaffRequest

SHOWN = 150  # entries of the timeline; older ones on request
VIEWS = {
    "all": (_("All"), tuple(Message.Kind.values)),
    "messages": (_("Messages"), (Message.Kind.INCOMING, Message.Kind.OUTGOING)),
    "notes": (_("Notes"), (Message.Kind.NOTE,)),
    "events": (_("Events"), (Message.Kind.EVENT,)),
}


class CasePage:
    """Built anew for each request; `bound` is the one form that was just refused, if any."""

    def __init__(
        self, request: StaffRequest, case: Case, bound: forms.ActionForm | None = None
    ) -> None:
        self.request, self.case, self.bound = request, case, bound
        self.draft = ReplyDraft.objects.filter(user=request.user, case=case).first()

    def response(self) -> HttpResponse:
        view = self.request.GET.get("show", "all")
        view = view if view in VIEWS else "all"
        everything = "everything" in self.request.GET
        newest = self._entries(None if everything else SHOWN + 1)
        last = newest[0].pk if newest else 0
        shown = newest if everything else newest[:SHOWN]
        entries = [entry for entry in shown if entry.kind in VIEWS[view][1]]
        context: dict[str, Any] = {
            "case": self.case,
            "views": [
                {"label": label, "url": f"?show={key}", "is_current": key == view}
                for key, (label, _kinds) in VIEWS.items()
            ],
            "entries": entries[::-1],
            "has_older": not everything and len(newest) > SHOWN,
            "missed": self._missed(newest),
            "suggested": self._suggested(),
            "signed": status_token(self.case),
            "refused": self.bound,
            "day": timezone.localdate(),
            "draft": self.draft,
            **self._forms(last),
        }
        return render(self.request, "contacts/cases/case_detail.html", context)

    def _entries(self, most: int | None) -> list[Message]:
        files = Prefetch("attachments", Attachment.objects.select_related("file"))
        messages = self.case.messages.select_related("author", "mail").defer(
            "search_text", "mail__text", "mail__html"
        )
        return list(messages.prefetch_related(files).order_by("-pk")[:most])

    def _missed(self, newest: list[Message]) -> list[Message]:
        """After a refusal because of another person's change: what they did."""
        if not self.bound or STALE not in self.bound.non_field_errors():
            return []
        seen = self.bound.cleaned_data.get("seen") or 0
        return [message for message in newest if message.pk > seen][::-1]

    def _suggested(self) -> list[Actor]:
        """Actors of the centre with the sender's address; a person decides whether it is they."""
        if self.case.actor_id or not self.case.sender_email:
            return []
        actors = Actor.objects.visible_to(self.request.user).active()
        email = self.case.sender_email
        found = actors.filter(centre=self.case.centre_id, emails__email=email)
        return list(found.distinct()[:3])

    def _forms(self, last: int) -> dict[str, forms.ActionForm]:
        made = {form.name: form for form in self._possible(last)}
        if self.bound:
            made[self.bound.name] = self.bound
        return {f"{name}_form": form for name, form in made.items()}

    def _possible(self, last: int) -> list[forms.ActionForm]:
        case, user, seen = self.case, self.request.user, {"seen": last}
        if not user.has_perm("contacts.change_case"):
            return []
        draft = self.draft
        possible = [
            forms.ReplyForm(case=case, initial=seen | {"text": draft.text if draft else ""}),
            forms.NoteForm(case=case, initial=seen),
            forms.LinkActorForm(case=case, user=user, initial=seen | {"actor": case.actor}),
        ]
        if not case.is_closed:
            possible += [
                forms.WaitForm(case=case, initial=seen),
                forms.PromiseForm(case=case, initial=seen),
                forms.CloseForm(case=case, initial=seen),
            ]
            if user.has_perm("contacts.hand_over_case"):
                possible.append(forms.HandOverForm(case=case, initial=seen))
        if not case.idea_id and user.has_perm("contacts.adopt_case"):
            possible.append(forms.AdoptForm(case=case, initial=seen | {"title": case.subject}))
        return possible
