"""The step before an idea is handed in: is there something like it that everybody may see?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from contacts.intake import drafts, keys
from contacts.intake.forms import IdeaForm
from projects.ideas.models import Idea
from projects.pipeline.models import Project
from projects.similar import finding
from projects.similar.finding import Similar
from projects.similar.matching import Text
from zentrum.common import limits
from zentrum.common.addresses import client_address

SEEN = "seen_similar"  # the sender has seen them and sends anyway
MOST_AN_HOUR = 120
HOUR = 3600


def step(request: HttpRequest, form: IdeaForm, key: keys.Key) -> HttpResponse | None:
    """The page with what is similar to a valid form; None when there is nothing to show.

    The draft keeps the entries and files, the page carries the entries, so that nothing is typed
    twice. The key stays the one with which the form was shown first.
    """
    if SEEN in request.POST or form.is_trapped:
        form.joins = _joined(request, form)
        return None
    if limits.exceeded("similar", client_address(request), most=MOST_AN_HOUR, seconds=HOUR):
        return None
    if not (found := _found(form)):
        return None
    uploads = form.cleaned_data.get("files", [])
    written, language = form.written(), get_language() or "de"
    drafts.save(key.token, data=written, uploads=uploads, language=language)
    context: dict[str, Any] = {
        "found": found,
        "entries": written | {"form_key": form.data["form_key"], SEEN: "1"},
    }
    response = render(request, "contacts/intake/idea_similar.html", context)
    return keys.remember(response, key.token)


def _joined(request: HttpRequest, form: IdeaForm) -> Idea | Project | None:
    """The public idea or project of the centre that the sender would rather join."""
    reference = request.POST.get("join", "")
    ideas = finding.shown_to_everybody(form.chosen_centre).filter(reference=reference)
    if idea := ideas.only("pk").first():
        return idea
    projects = Project.objects.public().running().filter(centre=form.chosen_centre)
    return projects.filter(reference=reference).only("pk").first()


def _found(form: IdeaForm) -> list[Similar]:
    entries = form.cleaned_data
    wanted = Text(entries["title"], entries["text"], entries["place"], entries["position"] or None)
    return finding.for_everybody(wanted, form.chosen_centre)
