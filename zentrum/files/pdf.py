"""Accessible PDF files (PDF/A-2a and PDF/UA-1) from Typst templates below `templates/typst/`."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language

FOLDER = settings.BASE_DIR / "templates" / "typst"
TYPESETTING = Path(__file__).with_name("typesetting.py")
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
        return _typeset(template, filled)
    except ValueError as error:
        if "could not be displayed" not in str(error):
            raise
        return _typeset(template, UNSHOWN.sub("□", filled))


def _typeset(template: str, filled: str) -> bytes:
    """In a process of its own: Typst keeps what it has laid out in memory for ten documents more.

    Raises ValueError with Typst's words when it refuses the text.
    """
    done = subprocess.run(
        [sys.executable, "-P", TYPESETTING, FOLDER / template, FOLDER],
        input=filled.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr.decode() or f"Typst ended with {done.returncode}")
    return done.stdout
