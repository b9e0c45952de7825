from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actors.exchange import letters, post, services
from actors.exchange.exporting import MOST_ACTORS, chosen_actors
from actors.exchange.models import LetterTemplate
from actors.exchange.post_forms import LabelsForm, LettersForm, LetterTemplateForm
from zentrum.accounts.requests import StaffRequest
from zentrum.common.saving import save_once
from zentrum.files.checking import TYPES
from zentrum.files.responses import attachment, download

OWN = ("first", "template", "shape", "page")  # parameters of this page, not of the list
SHOWN = 20  # of those without a postal address


@permission_required("actors.export_actor", raise_exception=True)
def post_page(request: StaffRequest) -> HttpResponse:
    """Labels and letters for those of the list who have no e-mail address."""
    return _page(request, LabelsForm(), LettersForm(user=request.user))


def _page(request: StaffRequest, labels: LabelsForm, letter: LettersForm) -> HttpResponse:
    found = post.recipients(chosen_actors(request.GET, request.user))
    unreachable = found.unreachable.count()
    context = {
        "total": found.total,
        "reachable": found.reachable.count(),
        "unreachable": unreachable,
        "without_address": found.unreachable[:SHOWN],
        "more": max(unreachable - SHOWN, 0),
        "labels_form": labels,
        "letters_form": letter,
        "has_templates": LetterTemplate.objects.visible_to(request.user).exists(),
        "kept": [(n, value) for n, value in request.GET.items() if n not in OWN],
        "query": _query(request),
    }
    return render(request, "actors/exchange/post.html", context)


def _query(request: StaffRequest) -> str:
    query = request.GET.copy()
    for name in OWN:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""


@permission_required("actors.export_actor", raise_exception=True)
def labels_pdf(request: StaffRequest) -> HttpResponseBase:
    form = LabelsForm(request.GET)
    if not form.is_valid():
        return _page(request, form, LettersForm(user=request.user))
    found = post.recipients(chosen_actors(request.GET, request.user))
    if not 0 < found.reachable.count() <= MOST_ACTORS:
        return _nobody(request)
    title = _("Address labels")
    content = post.labels(found.reachable, first=form.cleaned_data["first"], title=title)
    return attachment(content, f"{title}.pdf", "application/pdf")


@permission_required("actors.export_actor", raise_exception=True)
def letters_file(request: StaffRequest) -> HttpResponseBase:
    form = LettersForm(request.GET, user=request.user)
    if not form.is_valid():
        return _page(request, LabelsForm(), form)
    found = post.recipients(chosen_actors(request.GET, request.user)).reachable
    if found.count() > letters.MOST_LETTERS:
        form.add_error(None, _too_many())
        return _page(request, LabelsForm(), form)
    template = form.cleaned_data["template"]
    contexts = list(post.letters_of(found, request.user))
    if not contexts:
        return _nobody(request)
    try:
        with template.file.content.open("rb") as stream:
            content = stream.read()
        return _letters(template, content, contexts, form.cleaned_data["shape"])
    except (FileNotFoundError, ValidationError) as error:
        words = error.messages if isinstance(error, ValidationError) else [_("The file is gone.")]
        form.add_error("template", words)
        return _page(request, LabelsForm(), form)


def _letters(
    template: LetterTemplate, content: bytes, contexts: list[dict[str, str]], shape: str
) -> HttpResponseBase:
    if shape == "zip":
        return attachment(
            letters.as_zip(content, contexts), f"{template.name}.zip", "application/zip"
        )
    whole = letters.one_document(content, contexts)
    return attachment(whole, f"{template.name}.docx", TYPES[".docx"])


def _too_many() -> str:
    words = {"most": letters.MOST_LETTERS}
    return _("At most %(most)s letters at once. Please narrow the list.") % words


def _nobody(request: StaffRequest) -> HttpResponse:
    messages.error(request, _("Nobody of this list has a postal address and no e-mail address."))
    return redirect(reverse("actors:post") + _query(request))


@permission_required("actors.export_actor", raise_exception=True)
def template_list(request: StaffRequest) -> HttpResponse:
    template = LetterTemplate()
    form = LetterTemplateForm(
        request.POST or None, request.FILES or None, instance=template, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]

        def save() -> Any:
            services.keep_template(template, upload, user=request.user)

        if save_once(form, template, save):
            messages.success(request, _("The template “%(name)s” is kept.") % {"name": template})
            return redirect("actors:letter_template_list")
    mine = LetterTemplate.objects.visible_to(request.user)
    removable = LetterTemplate.objects.removable_by(request.user)
    context = {
        "form": form,
        "templates": mine.select_related("file__uploaded_by", "centre").order_by("name", "pk"),
        "removable": set(removable.values_list("pk", flat=True)),
        "placeholders": [(f"{{{{ {name} }}}}", text) for name, text in post.PLACEHOLDERS.items()],
    }
    return render(request, "actors/exchange/letter_template_list.html", context)


@permission_required("actors.export_actor", raise_exception=True)
def template_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    templates = LetterTemplate.objects.visible_to(request.user).select_related("file")
    return download(get_object_or_404(templates, pk=pk).file)


@permission_required("actors.export_actor", raise_exception=True)
@require_POST
def template_remove(request: StaffRequest, pk: int) -> HttpResponse:
    templates = LetterTemplate.objects.removable_by(request.user).select_related("file")
    template = get_object_or_404(templates, pk=pk)
    services.remove_template(template)
    messages.success(request, _("The template “%(name)s” is removed.") % {"name": template})
    return redirect("actors:letter_template_list")
