"""Accessible PDF files (PDF/A-2a and PDF/UA-1) from Typst templates below `templates/typst/`."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language

FOLDER = settings.BASE_DIR / "templates" / "typst"
STANDARDS: Any = ["a-2a", "ua-1"]
# The standards refuse a letter that the font lacks. Every other one is shown as a box: the font has
# Latin, Greek, Cyrillic, punctuation, currencies and arrows.
UNSHOWN = re.compile(
    "[^\n\x20-\x7e\xa0-\u024f\u0370-\u0373\u0386-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    "\u1e00-\u1eff\u2010-\u2015\u2018-\u2022\u2026\u202f\u2039\u203a\u20ac\u2122\u2190-\u2193\u200b]"
)


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The filled template as a PDF. `template` is a file name such as "letter.typ".

    What people wrote goes in as data, so that no text of theirs is read as markup: the template
    finds it with `json(bytes(sys.inputs.data))`, next to "language". Every text must be there
    already in the reader's language, dates and numbers as people write them.
    """
    filled = json.dumps(
        {"language": get_language() or "de"} | data, cls=DjangoJSONEncoder, ensure_ascii=False
    )
    try:
        return _compiled(template, filled)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compiled(template, UNSHOWN.sub("□", filled))


def _compiled(template: str, filled: str) -> bytes:
    made: Any = _compiler(FOLDER / template).compile(
        format="pdf", sys_inputs={"data": filled}, pdf_standards=STANDARDS
    )
    return made


@lru_cache(maxsize=16)
def _compiler(template: Path) -> typst.Compiler:
    """Kept, because the first compilation of a template reads all fonts."""
    return typst.Compiler(template, root=FOLDER)
