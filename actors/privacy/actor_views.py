"""Consents, disclosure and erasure: what is done on the page of one actor."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from actors.directory.consenting import give_consent, withdraw_consent
from actors.directory.models import Actor
from actors.privacy import planning, services
from actors.privacy.forms import ConsentForm, EraseForm, WithdrawForm
from actors.privacy.models import Consent, Disclosure
from actors.privacy.planning import MOST_SHOWN
from zentrum.accounts.requests import StaffRequest
from zentrum.accounts.roles import LEADING
from zentrum.office.mandates import within_centres


def _actor(request: StaffRequest, pk: int) -> Actor:
    return get_object_or_404(Actor.objects.visible_to(request.user), pk=pk)


def _led_actor(request: StaffRequest, pk: int) -> Actor:
    """Of a centre that the person leads: at the desk of another one there is no such page."""
    return get_object_or_404(Actor.objects.filter(within_centres(request.user, LEADING)), pk=pk)


@permission_required("actors.change_actor", raise_exception=True)
def consent_create(request: StaffRequest, pk: int) -> HttpResponse:
    actor = _actor(request, pk)
    form = ConsentForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            give_consent(
                actor,
                data["purpose"],
                on=data["given_on"],
                source=data["source"],
                text_version=data["text_version"],
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            messages.success(request, _("The consent is noted."))
            return redirect(f"{actor.get_absolute_url()}#consents")
    context = {"actor": actor, "form": form, "title": _("Note a consent")}
    return render(request, "actors/privacy/consent_form.html", context)


@permission_required("actors.change_actor", raise_exception=True)
def consent_withdraw(request: StaffRequest, pk: int, consent_pk: int) -> HttpResponse:
    actor = _actor(request, pk)
    consent = get_object_or_404(Consent.objects.filter(actor=actor), pk=consent_pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_consent(actor, consent.purpose, on=form.cleaned_data["withdrawn_on"])
        except ValidationError as refusal:
            form.add_error("withdrawn_on", ValidationError(refusal.messages))
        else:
            messages.success(request, _("The consent is withdrawn."))
            return redirect(f"{actor.get_absolute_url()}#consents")
    title = _("Withdraw a consent")
    context = {"actor": actor, "form": form, "consent": consent, "title": title}
    return render(request, "actors/privacy/consent_form.html", context)


@never_cache
@permission_required("actors.erase_actor", raise_exception=True)
def disclosure(request: StaffRequest, pk: int) -> HttpResponse:
    actor = _led_actor(request, pk)
    if request.method == "POST":
        return redirect(services.ask_disclosure(actor, by=request.user))
    asked = Disclosure.objects.visible_to(request.user).filter(actor=actor)
    context = {"actor": actor, "disclosures": asked.select_related("by")[:MOST_SHOWN]}
    return render(request, "actors/privacy/disclosure.html", context)


@never_cache
@permission_required("actors.erase_actor", raise_exception=True)
def erase(request: StaffRequest, pk: int) -> HttpResponse:
    actor = _led_actor(request, pk)
    try:
        services.check_erasable(actor)
    except ValidationError as refusal:
        context = {"actor": actor, "refusal": " ".join(refusal.messages)}
        return render(request, "actors/privacy/erase.html", context)
    planned = planning.plan(actor)
    form = EraseForm(request.POST or None, plan=planned)
    if request.method == "POST" and form.is_valid() and _erased(request, actor, form, planned):
        return redirect("actors:privacy_overview")
    return render(
        request,
        "actors/privacy/erase.html",
        {
            "actor": actor,
            "plan": planned,
            "mentions": planned.mentions[:MOST_SHOWN],
            "more": max(0, len(planned.mentions) - MOST_SHOWN),
            "form": form,
        },
    )


def _erased(request: StaffRequest, actor: Actor, form: EraseForm, planned: planning.Plan) -> bool:
    given = form.cleaned_data
    shown = {mention.key for mention in planned.mentions[:MOST_SHOWN]}
    try:
        services.erase_actor(
            actor,
            by=request.user,
            name=given["name"],
            reason=given["reason"],
            fingerprint=given["fingerprint"],
            is_offered=given.get("is_offered", False),
            keep=shown - set(request.POST.getlist("replace")),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        if getattr(refusal, "code", "") == "stale":  # what stands on the page now is new
            data = request.POST.copy()
            data["fingerprint"] = planned.fingerprint
            form.data = data
        return False
    messages.success(request, _("The actor is erased. The log says when and by whom, not whom."))
    return True
