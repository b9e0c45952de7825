"""Accessible PDF files (PDF/A-2a and PDF/UA-1) from Typst templates below `templates/typst/`."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language

FOLDER = settings.BASE_DIR / "templates" / "typst"
STANDARDS = ["a-2a", "ua-1"]


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The filled template as a PDF. `template` is a file name such as "letter.typ".

    What people wrote goes in as data, so that no text of theirs is read as markup: the template
    finds it with `json(bytes(sys.inputs.data))`, next to "language". Every text must be there
    already in the reader's language, dates and numbers as people write them.
    """
    filled = json.dumps({"language": get_language() or "de"} | data, cls=DjangoJSONEncoder)
    return _compiler(FOLDER / template).compile(
        format="pdf", sys_inputs={"data": filled}, pdf_standards=STANDARDS
    )


@lru_cache(maxsize=16)
def _compiler(template: Path) -> typst.Compiler:
    """Kept, because the first compilation of a template reads all fonts."""
    return typst.Compiler(template, root=FOLDER)
