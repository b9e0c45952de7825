from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zentrum.accounts.requests import StaffRequest
from zentrum.portal import searching

LONGEST = 200  # characters


@permission_required("projects.view_idea", raise_exception=True)
@require_safe
def search_page(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST].strip()
    if row := searching.by_reference(words, request.user):
        return redirect(row)
    is_searched = searching.is_long_enough(words)
    found = searching.search(words, request.user) if is_searched else searching.Found([])
    context = {
        "words": words,
        "day": timezone.localdate(),
        "is_searched": is_searched,
        "is_guess": found.is_guess,
        "found": found.parts,
    }
    return render(request, "portal/search.html", context)
