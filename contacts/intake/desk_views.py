"""The desk's own entrance: take down a matter, look through the quarantine."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from actors.directory.models import Actor
from contacts.cases import services as cases
from contacts.cases.links import status_token
from contacts.cases.models import Case
from contacts.cases.periods import all_promised_days
from contacts.intake import drafts, keys, services
from contacts.intake.desk_forms import NEXT, OTHER, PROMISE, TODAY, DeskForm
from contacts.intake.models import Submission, SubmissionQuerySet
from projects.programme.desks import desks_of
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.office.access import centres_of
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar


@permission_required("contacts.add_case", raise_exception=True)
@never_cache
def case_create(request: StaffRequest) -> HttpResponse:
    centres = list(centres_of(request.user))
    if not centres:
        raise PermissionDenied
    options: dict[str, Any] = {
        "user": request.user,
        "centres": centres,
        "promise_days": all_promised_days(centres[0].town),
    }
    if request.method == "POST":
        form = DeskForm(request.POST, **options)
        key = keys.read(request.POST.get("form_key", ""))
        if form.is_valid() and (case := _take_down(request, form, key.token if key else uuid4())):
            return _after(request, case)
    else:
        form = DeskForm(initial={"form_key": keys.sign(uuid4())} | _given(request), **options)
    return render(request, "contacts/intake/case_create.html", {"form": form})


def _given(request: StaffRequest) -> dict[str, Any]:
    """The actor from whose page the form was opened (?akteur=17)."""
    number = request.GET.get("akteur", "")
    is_id = number.isascii() and number.isdecimal() and len(number) < 18
    return {"who": int(number)} if is_id else {}


def _take_down(request: StaffRequest, form: DeskForm, token: UUID) -> Case | None:
    try:
        return _receive(request, form, token)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None


@transaction.atomic
def _receive(request: StaffRequest, form: DeskForm, token: UUID) -> Case:
    """One case per form, however often the button is pressed."""
    data = form.cleaned_data
    submission = drafts.locked(token, get_language() or "de")
    if submission.case:
        return submission.case
    submission.submitted_at = timezone.now()
    submission.save()
    centre = data.get("centre") or form.centres[0]
    who = data["who"]
    actor = who if isinstance(who, Actor) else None
    case = services.receive(
        kind=data["kind"],
        channel=data["channel"],
        subject=data["subject"],
        text=data["text"],
        centre=centre,
        sender_name=str(who or ""),
        sender_email=data["email"],
        sender_phone=data["phone"],
        place=data["place"],
        actor=actor,
        owner=data.get("owner"),
        created_by=request.user,
        reply_by=_reply_by(data, centre),
        received_at=data["received_at"],
        submission=submission,
    )
    if case.owner == request.user:
        cases.mark_read(case)
    if data["answer"]:
        _settle(request, case, data["answer"])
    return case


def _reply_by(data: dict[str, Any], centre: Centre) -> Any:
    if data["until"] == OTHER:
        return data["other_date"]
    if data["until"] == PROMISE:
        return None
    today = timezone.localdate()
    if data["until"] == TODAY:
        return today
    return OfficeCalendar.of(centre).add_working_days(today, {NEXT: 1}[data["until"]])


def _settle(request: StaffRequest, case: Case, answer: str) -> None:
    user = request.user
    cases.reply(case, author=user, text=answer, version=case.version, by_mail=False)
    outcome = Case.Outcome.ANSWERED
    cases.close(case, outcome=outcome, outcome_text="", by=user, version=case.version)


def _after(request: StaffRequest, case: Case) -> HttpResponse:
    """Somebody at the counter without e-mail gets a slip; everybody else the code by word."""
    words = _("%(reference)s is taken down. Code for the status page: %(code)s.")
    messages.success(request, words % {"reference": case.reference, "code": case.code})
    face_to_face = case.channel in (Case.Channel.COUNTER, Case.Channel.WALK)
    if face_to_face and not case.sender_email and not case.is_closed:
        return redirect("contacts:slip", status_token(case))
    return redirect(case)


@permission_required("contacts.release_submission", raise_exception=True)
@never_cache
def submission_list(request: StaffRequest) -> HttpResponse:
    found = list(_quarantined(request)[:100])
    return render(request, "contacts/intake/submission_list.html", {"submissions": found})


def _quarantined(request: StaffRequest) -> SubmissionQuerySet:
    """What waits in quarantine for the desks that this person leads: a centre's own carrier's."""
    desks = desks_of(request.user, LEADING)
    centres = [desk.centre.pk for desk in desks if desk.carrier.pk == desk.centre.carrier_id]
    return Submission.objects.quarantined().filter(data__centre__in=centres).order_by("-pk")


@permission_required("contacts.release_submission", raise_exception=True)
@require_POST
def submission_release(request: StaffRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(_quarantined(request), pk=pk)
    try:
        case = services.release(submission)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("contacts:submission_list")
    messages.success(request, _("Released as %(reference)s.") % {"reference": case.reference})
    return redirect("contacts:submission_list")


@permission_required("contacts.release_submission", raise_exception=True)
@require_POST
def submission_discard(request: StaffRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(_quarantined(request), pk=pk)
    try:
        services.discard(submission)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The submission is discarded."))
    return redirect("contacts:submission_list")
