"""Turn the translators' .po files into the .mo files Django reads, without GNU gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.reloader import translation_file_changed


def compile_all(folders: list[Path]) -> list[Path]:
    """Compile every catalogue that changed since it was compiled; returns the written files.

    What this process has read before is read anew.
    """
    sources = [path for folder in folders for path in folder.glob("*/LC_MESSAGES/*.po")]
    stale = [source for source in sorted(sources) if _is_stale(source)]
    for source in stale:
        _compile(source)
    return [source.with_suffix(".mo") for source in stale]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    draft = source.with_suffix(".mo.draft")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(source.with_suffix(".mo"))
    translation_file_changed(None, source.with_suffix(".mo"))
