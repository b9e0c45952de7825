"""What looks empty is empty: text of zero-width signs, soft hyphens and blanks only."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

# Blanks, controls (a NULL byte has its own refusal), the braille blank, and Unicode's property
# Default_Ignorable_Code_Point (DerivedCoreProperties.txt): signs without ink.
INVISIBLE = re.compile(
    r"[\s\x01-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    r"\U000e0000-\U000e0fff]+"
)


class EmptyInvisibleText:
    """Middleware: a field filled with nothing that can be seen arrives empty, in every form alike.

    Django's fields take blanks off, but count a zero-width space (U+200B) as a letter. It stands
    behind the one that checks the CSRF token, which has read the body and deals with a broken one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        sent = request.POST.lists()
        hidden = [name for name, values in sent if any(map(INVISIBLE.fullmatch, values))]
        if not hidden:
            return
        data = request.POST.copy()
        for name in hidden:
            values = data.getlist(name)
            data.setlist(name, ["" if INVISIBLE.fullmatch(value) else value for value in values])
        request.POST = data  # type: ignore[assignment] # mutable until the view has it
