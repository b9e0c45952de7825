"""The steps on a case: each takes a POST, calls its service and goes back to the case.

A refused step shows the case with what was typed, and what somebody else changed meanwhile.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.cases import drafts, forms, services, undoing
from contacts.cases.mailing import Outlook
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.page import CasePage
from contacts.cases.replying import ReplyForm
from contacts.cases.timeline import next_promise
from contacts.cases.views import visible_case
from zentrum.accounts.models import User
from zentrum.accounts.requests import StaffRequest
from zentrum.files import services as files

Do = Callable[[Case, dict[str, Any]], str]
change = permission_required("contacts.change_case", raise_exception=True)


def _act(request: StaffRequest, case: Case, form: forms.ActionForm, do: Do) -> HttpResponse:
    if form.is_valid():
        try:
            done = do(case, form.cleaned_data)
        except ValidationError as refusal:
            case = visible_case(request, case.pk)
            form.case = case
            form.refuse(refusal)
            form.catch_up()
        else:
            messages.success(request, done)
            return redirect(case)
    form.keep(request.user)
    return CasePage(request, case, form).response()


@change
@require_POST
def case_reply(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    draft = drafts.of(request.user, case)
    form = ReplyForm(request.POST, request.FILES, case=case, draft=draft)
    return _act(request, case, form, lambda case, data: _reply(request, case, data))


@transaction.atomic
def _reply(request: StaffRequest, case: Case, data: dict[str, Any]) -> str:
    """Answer, and take the step that follows from it, both or neither."""
    user, before = request.user, undoing.snapshot(case)
    uploads = [files.store(upload, user=user) for upload in data["files"]]
    message = services.reply(
        case,
        outlook=_outlook(case, data),
        author=user,
        text=data["text"],
        version=data["version"],
        files=[*data.get("kept", ()), *uploads],
        by_mail=data.get("by_mail", False),
        to=data.get("to", ()),
        cc=data.get("cc", ()),
    )
    if not case.is_closed:
        _go_on(case, data, user)
    undoing.remember(case, message, before)
    return _sent(message)


def _sent(message: Message) -> str:
    if not message.mail:
        return _("The answer is recorded.")
    if not (seconds := settings.UNDO_SECONDS):
        return _("The answer is on its way.")
    words = _("The answer leaves in %(seconds)s seconds. Until then you can take it back.")
    return words % {"seconds": seconds}


def _outlook(case: Case, data: dict[str, Any]) -> Outlook | None:
    """What the answer says about the time after it."""
    until = data.get("until") or next_promise(case)
    if data.get("then") == ReplyForm.WAIT:
        return Outlook(waits_until=until)
    return Outlook(again_by=until) if data.get("then") == ReplyForm.KEEP else None


def _go_on(case: Case, data: dict[str, Any], user: User) -> None:
    until = data["until"] or next_promise(case)
    if data["then"] == ReplyForm.CLOSE:
        services.close(
            case,
            outcome=Case.Outcome.ADOPTED if case.idea_id else Case.Outcome.ANSWERED,
            outcome_text="",
            by=user,
            version=case.version,
        )
    elif data["then"] == ReplyForm.WAIT:
        services.wait(
            case,
            until=until,
            waiting_on=Case.WaitingOn.SENDER,
            waiting_for=_("answer of the sender"),
            by=user,
            version=case.version,
            tell=False,
        )
    elif until != case.reply_by:
        reason = _("We have written to you and stay on it.")
        services.promise(
            case, reply_by=until, reason=reason, by=user, version=case.version, tell=False
        )


@change
@require_POST
def case_note(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def note(case: Case, data: dict[str, Any]) -> str:
        services.add_note(case, author=request.user, text=data["text"])
        return _("The note is kept.")

    return _act(request, case, forms.NoteForm(request.POST, case=case), note)


@permission_required("contacts.hand_over_case", raise_exception=True)
@require_POST
def case_hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def hand_over(case: Case, data: dict[str, Any]) -> str:
        services.hand_over(case, by=request.user, **_without_seen(data))
        return _("%(name)s now has this case.") % {"name": case.owner}

    return _act(request, case, forms.HandOverForm(request.POST, case=case), hand_over)


@change
@require_POST
def case_wait(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def wait(case: Case, data: dict[str, Any]) -> str:
        services.wait(case, by=request.user, **_without_seen(data))
        return _("The case waits.")

    return _act(request, case, forms.WaitForm(request.POST, case=case), wait)


@change
@require_POST
def case_promise(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def promise(case: Case, data: dict[str, Any]) -> str:
        services.promise(case, by=request.user, **_without_seen(data))
        return _("The new date is promised.")

    return _act(request, case, forms.PromiseForm(request.POST, case=case), promise)


@change
@require_POST
def case_close(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def close(case: Case, data: dict[str, Any]) -> str:
        services.close(case, by=request.user, **_without_seen(data))
        return _("The case is closed.")

    return _act(request, case, forms.CloseForm(request.POST, case=case), close)


@change
@require_POST
def case_resume(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def resume(case: Case, data: dict[str, Any]) -> str:
        services.resume(case, by=request.user, version=data["version"])
        return _("The case is taken up again.")

    return _act(request, case, forms.StepForm(request.POST, case=case), resume)


@change
@require_POST
def case_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def reopen(case: Case, data: dict[str, Any]) -> str:
        services.reopen(case, by=request.user, version=data["version"])
        return _("The case is open again.")

    return _act(request, case, forms.StepForm(request.POST, case=case), reopen)


@permission_required("contacts.adopt_case", raise_exception=True)
@require_POST
def case_adopt(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)

    def adopt(case: Case, data: dict[str, Any]) -> str:
        idea = services.adopt_as_idea(case, by=request.user, **_without_seen(data))
        return _("Adopted as the idea %(reference)s.") % {"reference": idea.reference}

    return _act(request, case, forms.AdoptForm(request.POST, case=case), adopt)


@change
@require_POST
def case_link_actor(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    form = forms.LinkActorForm(request.POST, case=case, user=request.user)

    def link(case: Case, data: dict[str, Any]) -> str:
        services.link_actor(case, by=request.user, **_without_seen(data))
        return _("The actor is linked.") if case.actor else _("The case has no actor any more.")

    return _act(request, case, form, link)


def _without_seen(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "seen"}


@change
@require_POST
def case_mark_read(request: StaffRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    services.mark_read(case)
    return redirect(case)
