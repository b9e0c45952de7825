"""Gather every translatable text of the project into the German catalogue, without GNU gettext."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CODE = ("zentrum", "actors", "projects", "contacts")


def gather(root: Path) -> Catalog:
    """The texts that code and templates below `root` offer for translation, sorted by place."""
    catalogue = Catalog(project="Zentrum", charset="utf-8")
    for path, source in _sources(root):
        lines = io.BytesIO(source.encode())
        for _line, message, _comments, context in extract("python", lines, keywords=KEYWORDS):
            places: list[Any] = [(path.relative_to(root).as_posix(), None)]  # without line numbers
            catalogue.add(message, locations=places, context=context)
    return catalogue


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((root / "templates").rglob("*.*")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What stands between the tags is no code: the tokeniser stumbles over its indents only.
        yield path, "\n".join(line.strip() for line in code.splitlines())


def update(root: Path, file: Path) -> Catalog:
    """Bring a catalogue file up to the code: new texts empty, forgotten ones gone."""
    with file.open("rb") as old:
        catalogue = read_po(old, locale=file.parts[-3])
    catalogue.update(gather(root), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with file.open("wb") as new:
        write_po(
            new, catalogue, width=100, sort_output=True, omit_header=False, include_lineno=False
        )
    return catalogue
