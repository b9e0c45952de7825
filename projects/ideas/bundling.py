"""Several ideas developed into one: chosen in the list, joined to a new idea."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projects.ideas import services
from projects.ideas.forms import BundleForm
from projects.ideas.models import Idea
from zentrum.accounts.requests import StaffRequest

MOST = 50  # ideas in one bundle


@permission_required("projects.decide_idea", raise_exception=True)
def bundle_ideas(request: StaffRequest) -> HttpResponse:
    """The ideas are named by their references, in `?idea=`; those of other desks are left out."""
    wanted = request.POST if request.method == "POST" else request.GET
    references = [reference[:20] for reference in wanted.getlist("idea")[:MOST]]
    own = Idea.objects.led_by(request.user).filter(reference__in=references)
    ideas = list(own.select_related("centre").defer("search_text").order_by("pk"))
    form = BundleForm(request.POST or None, initial=_suggested(ideas))
    if request.method == "POST" and form.is_valid():
        try:
            bundle = services.bundle_ideas(ideas, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The ideas go on in %(reference)s.") % vars(bundle))
            return redirect(bundle)
    if request.method == "GET" and len(ideas) < 2:
        messages.error(request, _("Choose at least two ideas."))
        return redirect("projects:idea_list")
    return render(request, "projects/idea_bundle.html", {"form": form, "ideas": ideas})


def _suggested(ideas: list[Idea]) -> dict[str, Any]:
    fields = {idea.field_of_action_id for idea in ideas}
    return {
        "text": text_of(ideas),
        "field_of_action": fields.pop() if len(fields) == 1 else None,
    }


def text_of(ideas: Iterable[Idea]) -> str:
    """What the bundled ideas say, one after the other: the text that the new one begins with."""
    return "\n\n".join(f"{idea.title} ({idea.reference}):\n{idea.text}" for idea in ideas)
