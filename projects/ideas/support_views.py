"""The voices of everybody: asked for on the public page, confirmed and withdrawn by mailed link."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from projects.ideas import supporters, supporting
from projects.ideas.guarding import GuardedForm
from projects.ideas.models import Idea


class SupportForm(GuardedForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We mail you a link; only then your voice counts. Never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of your shop or association"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Read by the office only."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    field_order = ["email", "name"]


@never_cache
@login_not_required
def ask_for_support(request: HttpRequest, reference: str) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.public(), reference=reference)
    form = SupportForm(request.POST or None)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and form.is_within_limit(request, "support") and _asks(form, idea):
        words = _("Please look at your mails: the link in ours makes your voice count.")
        messages.success(request, words)
        return redirect(idea.get_public_url())
    return render(request, "projects/idea_support_ask.html", {"idea": idea, "form": form})


def _asks(form: SupportForm, idea: Idea) -> bool:
    if form.is_trapped:  # a machine is told the same, and nothing happens
        return True
    language = get_language() or "de"
    try:
        email, name = form.cleaned_data["email"], form.cleaned_data["name"]
        supporting.ask(idea, email=email, name=name, language=language)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


@never_cache
@login_not_required
def support(request: HttpRequest, signed: str) -> HttpResponse:
    """GET only shows what a click would do (mail scanners follow links), POST does it."""
    if not (voice := supporters.of_link(signed)):
        raise Http404
    if request.method == "POST":
        if "withdraw" in request.POST:
            supporting.withdraw(voice)
            messages.success(request, _("Your voice is withdrawn, and your address deleted."))
        else:
            supporting.confirm(voice)
            messages.success(request, _("Thank you: your voice counts."))
        is_public = voice.idea.released_at
        return redirect(voice.idea.get_public_url() if is_public else "projects:idea_public_list")
    return render(request, "projects/idea_support.html", {"voice": voice, "idea": voice.idea})
