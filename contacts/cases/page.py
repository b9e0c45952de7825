"""The page of one case: its timeline, and a form for each step that is possible now."""

from typing import Any, NamedTuple

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
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import failing_addresses

SHOWN = 150  # entries of the timeline; older ones on request
VIEWS = {
    "all": (_("All"), tuple(Message.Kind.values)),
    "messages": (_("Messages"), (Message.Kind.INCOMING, Message.Kind.OUTGOING)),
    "offices": (_("Other offices"), (Message.Kind.QUESTION, Message.Kind.ADVICE)),
    "notes": (_("Notes"), (Message.Kind.NOTE,)),
    "events": (_("Events"), (Message.Kind.EVENT,)),
}


class Step(NamedTuple):
    """A step that is possible now. Its form is drawn when somebody opens it."""

    kind: type[forms.ActionForm]
    form: forms.ActionForm | None


class CasePage:
    """Built anew for each request; `bound` is the one form that was just refused, if any."""

    def __init__(
        self, request: StaffRequest, case: Case, bound: forms.ActionForm | None = None
    ) -> None:
        self.request, self.case, self.bound = request, case, bound
        self.chosen = bound.name if bound else request.GET.get("step", "")
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
            "views": self._views(view),
            "entries": entries[::-1],
            "has_older": not everything and len(newest) > SHOWN,
            "missed": self._missed(newest),
            "suggested": self._suggested(),
            "bounced": failing_addresses([self.case.sender_email]),
            "signed": status_token(self.case),
            "refused": self.bound,
            "day": timezone.localdate(),
            "draft": self.draft,
            **self._forms(last),
        }
        return render(self.request, "contacts/cases/case_detail.html", context)

    def _views(self, current: str) -> list[dict[str, Any]]:
        address = self.case.get_absolute_url()
        return [
            {"label": label, "url": f"{address}?show={key}", "is_current": key == current}
            for key, (label, _kinds) in VIEWS.items()
        ]

    def _entries(self, most: int | None) -> list[Message]:
        files = Prefetch("attachments", Attachment.objects.select_related("file"))
        copies = Prefetch("mail__copies", OutgoingMail.objects.defer("text", "html"))
        messages = self.case.messages.select_related("author", "mail").defer(
            "search_text", "mail__text", "mail__html"
        )
        return list(messages.prefetch_related(files, copies).order_by("-pk")[:most])

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

    def _forms(self, last: int) -> dict[str, Any]:
        """The two forms that stand open, and the steps, of which only the chosen one has a form."""
        if not self.request.user.has_perm("contacts.change_case"):
            return {}
        text = self.draft.text if self.draft else ""
        made = [
            forms.ReplyForm(case=self.case, initial={"seen": last, "text": text}),
            forms.NoteForm.unbound(self.case, self.request.user, last),
        ]
        steps = [Step(kind, self._form(kind, last)) for kind in self._possible()]
        by_name = {f"{form.name}_form": form for form in [*made, *filter(None, [self.bound])]}
        return by_name | {"steps": steps}

    def _form(self, kind: type[forms.ActionForm], last: int) -> forms.ActionForm | None:
        if kind.name != self.chosen:
            return None
        return self.bound or kind.unbound(self.case, self.request.user, last)

    def _possible(self) -> list[type[forms.ActionForm]]:
        case, user = self.case, self.request.user
        can: dict[type[forms.ActionForm], bool] = {
            forms.AdoptForm: case.idea_id is None and user.has_perm("contacts.adopt_case"),
            forms.HandOverForm: not case.is_closed and user.has_perm("contacts.hand_over_case"),
            forms.WaitForm: not case.is_closed,
            forms.PromiseForm: not case.is_closed,
            forms.CloseForm: not case.is_closed,
            forms.LinkActorForm: True,
        }
        return [kind for kind, possible in can.items() if possible]
