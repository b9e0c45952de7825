"""Documents of a project: added, changed, taken away, and downloaded by those who may."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.documents import services
from projects.documents.forms import DocumentCreateForm, DocumentForm
from projects.documents.models import Document
from projects.pipeline.models import Project
from zentrum.accounts.requests import StaffRequest
from zentrum.files.responses import download

may_change = permission_required("projects.change_project", raise_exception=True)


def _project(request: StaffRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.led_by(request.user), pk=pk)


@may_change
def create_document(request: StaffRequest, pk: int) -> HttpResponse:
    project = _project(request, pk)
    form = DocumentCreateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.add_document(
                project,
                values["upload"],
                title=values["title"],
                is_public=values["is_public"],
                by=request.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The document is stored."))
            return redirect(project)
    context = {"project": project, "form": form, "heading": _("Add a document")}
    return render(request, "projects/project_action.html", context)


@may_change
def update_document(request: StaffRequest, pk: int, document_pk: int) -> HttpResponse:
    project = _project(request, pk)
    document = get_object_or_404(project.documents, pk=document_pk)
    form = DocumentForm(request.POST or None, instance=document)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(project)
    context = {"project": project, "form": form, "heading": _("Edit the document")}
    return render(request, "projects/project_action.html", context)


@may_change
@require_POST
def remove_document(request: StaffRequest, pk: int, document_pk: int) -> HttpResponse:
    project = _project(request, pk)
    if document := project.documents.filter(pk=document_pk).first():
        services.remove_document(document, by=request.user)
    messages.success(request, _("The document is removed."))
    return redirect(project)


@permission_required("projects.view_project", raise_exception=True)
def document_file(request: StaffRequest, pk: int, document_pk: int) -> HttpResponseBase:
    """For whoever sees the project; internal ones for its desk only."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    seen = Q() if project.is_inside(request.user) else Q(is_public=True)
    documents = project.documents.filter(seen).select_related("file")
    return download(get_object_or_404(documents, pk=document_pk).file)


@login_not_required
def public_document(request: HttpRequest, reference: str, document_pk: int) -> HttpResponseBase:
    documents = Document.objects.public().select_related("file")
    document = get_object_or_404(documents, project__reference=reference, pk=document_pk)
    return download(document.file)
