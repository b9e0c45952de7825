"""The page that says which goals a project or an idea serves; the slices above have one each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from projects.programme import services
from projects.programme.programme_forms import ServedGoalsForm
from zentrum.accounts.requests import StaffRequest


def ask_for_goals(request: StaffRequest, row: Any, template: str, **context: Any) -> HttpResponse:
    """GET shows the form, POST saves what was ticked and returns to the row's page."""
    form = ServedGoalsForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_goals(row, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
            if getattr(refusal, "code", "") == "stale":
                row.refresh_from_db()
                form.show_theirs(row)
        else:
            messages.success(request, _("The goals are saved."))
            return redirect(row)
    return render(request, template, {"form": form, "heading": _("Goals it serves"), **context})
