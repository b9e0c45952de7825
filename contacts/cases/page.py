"""The page of one case: its timeline, and a form for each step that is possible now."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor
from contacts.cases import drafts, forms
from contacts.cases.links import status_token
from contacts.cases.messages import Attachment, Message
from contacts.cases.models import Case
from contacts.cases.presence import POLLED_EVERY
from contacts.cases.replying import ReplyForm, everybody
from contacts.cases.timeline import STALE
from contacts.cases.wording import AnswerTemplate
from projects.models import Idea, Project
from zentrum.accounts.requests import StaffRequest
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import failing_addresses

SHOWN = 20  # entries of the timeline; older ones on request
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
        self.draft = drafts.of(request.user, case)

    def response(self) -> HttpResponse:
        view = self.request.GET.get("show", "all")
        view = view if view in VIEWS else "all"
        found = self._entries(VIEWS[view][1])
        newest = found[:SHOWN]
        last = newest[0].pk if newest else 0
        context: dict[str, Any] = {
            "case": self.case,
            "views": self._views(view),
            "entries": newest[::-1],
            "older": self._older(view, newest) if len(found) > SHOWN else "",
            "before": self.before,
            "is_conflict": self.is_conflict,
            "missed": self._missed(newest),
            "mine": self._mine(),
            "poll_seconds": POLLED_EVERY,
            "suggested": self._suggested(),
            "asked": self._asked(view, found),
            "bounced": failing_addresses([self.case.sender_email]),
            "signed": status_token(self.case),
            "refused": self.bound,
            "day": timezone.localdate(),
            "draft": self.draft,
            "held": self._held(newest),
            "wording": self._wording(),
            "project": self._seen(Project.objects, self.case.project_id),
            "idea": self._seen(Idea.objects, self.case.idea_id),
            "others": sum(map(len, everybody(self.case, newest))) > 1,
            **self._forms(last),
        }
        return render(self.request, "contacts/cases/case_detail.html", context)

    def _seen(self, rows: Any, key: int | None) -> Any:
        """What grew from the case, unless it went to a desk that is not this person's."""
        return rows.visible_to(self.request.user).filter(pk=key).first() if key else None

    def _views(self, current: str) -> list[dict[str, Any]]:
        address = self.case.get_absolute_url()
        return [
            {"label": label, "url": f"{address}?show={key}", "is_current": key == current}
            for key, (label, _kinds) in VIEWS.items()
        ]

    @property
    def before(self) -> int | None:
        """Only what is older than this entry, when somebody leafs back."""
        text = self.request.GET.get("before", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None

    def _older(self, view: str, shown: list[Message]) -> str:
        query = urlencode({"show": view, "before": shown[-1].pk})
        return f"{self.case.get_absolute_url()}?{query}"

    def _entries(self, kinds: tuple[str, ...]) -> list[Message]:
        """The newest ones of these kinds, and one more if there are older ones."""
        messages = self.case.messages.filter(kind__in=kinds)
        if self.before:
            messages = messages.filter(pk__lt=self.before)
        messages = messages.select_related("author", "mail").defer(
            "search_text", "mail__text", "mail__html"
        )
        files = Attachment.objects.select_related("file")
        messages = messages.prefetch_related(Prefetch("attachments", files, to_attr="files"))
        found: list[Message] = list(messages.order_by("-pk")[: SHOWN + 1])
        to_several = [entry.mail for entry in found if entry.mail and entry.mail.to_header]
        copies = Prefetch("copies", OutgoingMail.objects.defer("text", "html"))
        prefetch_related_objects(to_several, copies)
        return found

    def _asked(self, view: str, found: list[Message]) -> list[Any]:
        """Other offices that were asked. Each has its question in the timeline: where all of that
        is shown and holds none, nobody was."""
        is_whole = view == "all" and not self.before and len(found) <= SHOWN
        if is_whole and all(entry.kind != Message.Kind.QUESTION for entry in found):
            return []
        return list(self.case.consultations.all())

    def _wording(self) -> list[AnswerTemplate] | None:
        """The templates to choose from, when somebody asks for them."""
        if "wording" not in self.request.GET:
            return None
        templates = AnswerTemplate.objects.visible_to(self.request.user)
        return list(templates.filter(carrier=self.case.carrier_id))

    def _held(self, newest: list[Message]) -> Message | None:
        """The person's own last answer, while no worker has sent it."""
        answers = [entry for entry in newest if entry.kind == Message.Kind.OUTGOING][:1]
        mine = [entry for entry in answers if entry.author_id == self.request.user.pk]
        return next((entry for entry in mine if entry.mail and entry.mail.is_held), None)

    def _missed(self, newest: list[Message]) -> list[Message]:
        """After a refusal because of another person's change: what they did."""
        if not (self.bound and self.is_conflict):
            return []
        seen = self.bound.cleaned_data.get("seen") or 0
        return [message for message in newest if message.pk > seen][::-1]

    @property
    def is_conflict(self) -> bool:
        return self.bound is not None and STALE in self.bound.non_field_errors()

    def _mine(self) -> list[tuple[Any, Any]]:
        """After a conflict: what was typed, beside what is there now."""
        fields = self.bound.visible_fields() if self.bound and self.is_conflict else []
        shown = [field for field in fields if not field.widget_type.startswith(("radio", "check"))]
        typed = [(field.label, field.value()) for field in shown if field.name != "files"]
        return [(label, value) for label, value in typed if value]

    def _suggested(self) -> list[Actor]:
        """Actors of the centre with the sender's address; a person decides whether it is they."""
        if self.case.actor_id or not self.case.sender_email:
            return []
        actors = Actor.objects.visible_to(self.request.user).active()
        email = self.case.sender_email
        found = actors.filter(centre=self.case.centre_id, emails__email=email)
        return list(found.distinct().only(*Actor.NAMED_BY)[:3])

    def _forms(self, last: int) -> dict[str, Any]:
        """The two forms that stand open, and the steps, of which only the chosen one has a form."""
        if not self.request.user.has_perm("contacts.change_case"):
            return {}
        made = [
            ReplyForm.begun(self.case, last, self.draft),
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
