"""Comments: written on the public page, read and decided on by who leads the desk."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import ListView

from projects.ideas import commenting
from projects.ideas.comments import Comment
from projects.ideas.guarding import GuardedForm
from projects.ideas.models import Idea
from projects.programme.refusals import RefusableForm
from zentrum.accounts.requests import StaffRequest

LONGEST = 3000


class CommentForm(GuardedForm):
    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Without names and phone numbers of others."),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name, as it is to be shown"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Never shown; we write to you only if we cannot show the comment."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DecideForm(RefusableForm):
    to = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("shown", gettext_lazy("Show it")), ("refused", gettext_lazy("Do not show it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Needed when it is not shown: it is mailed to who wrote it."),
    )


@never_cache
@login_not_required
def write_comment(request: HttpRequest, reference: str) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.public().select_related("centre"), reference=reference)
    form = CommentForm(request.POST or None)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and form.is_within_limit(request, "comment") and _hands_in(form, idea):
        messages.success(
            request, _("Thank you. The office reads your comment within two working days.")
        )
        return redirect(idea.get_public_url())
    return render(request, "projects/comment_form.html", {"idea": idea, "form": form})


def _hands_in(form: CommentForm, idea: Idea) -> bool:
    if form.is_trapped:  # a machine is told the same, and nothing happens
        return True
    values = {name: form.cleaned_data[name] for name in ("name", "email", "text")}
    try:
        commenting.hand_in(idea, key=form.key, language=get_language() or "de", **values)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


class CommentListView(PermissionRequiredMixin, ListView):
    """What is to be read, the longest waiting first."""

    request: StaffRequest
    permission_required = "projects.decide_idea"
    template_name = "projects/comment_list.html"
    paginate_by = 30

    def get_queryset(self) -> Any:
        comments = Comment.objects.moderated_by(self.request.user).select_related("idea")
        return comments.waiting().order_by("due_on", "pk")


@permission_required("projects.decide_idea", raise_exception=True)
def decide_comment(request: StaffRequest, pk: int) -> HttpResponse:
    comments = Comment.objects.moderated_by(request.user).select_related("idea", "decided_by")
    comment = get_object_or_404(comments, pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commenting.decide(comment, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect("projects:comment_list")
    return render(request, "projects/comment_decide.html", {"comment": comment, "form": form})
