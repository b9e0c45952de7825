"""Form letters from the office's own Word files (docxtpl), one per actor."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from actors.exchange.post import PLACEHOLDERS
from zentrum.files.checking import clean_name

MOST_LETTERS = 500
MOST_UNPACKED = 50 * 1024 * 1024  # bytes
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, LxmlError, KeyError, ValueError, TypeError, AttributeError),
    *(IndexError, OSError, RuntimeError, AssertionError),
)
# A letter fills in and decides; it neither counts nor loops nor calls anything.
ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.And, nodes.Or),
    *(nodes.Not, nodes.Compare, nodes.Operand, nodes.Const),
)
ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


class Letter:
    """A Word file that was read and may be filled. Raises ValidationError with what to mend."""

    def __init__(self, content: bytes):
        try:
            self.file = DocxTemplate(io.BytesIO(_checked(content)))
            self.file.render_init()
            source = self.file.patch_xml(self.file.get_xml())
            _refuse_placeholders_elsewhere(self.file)
        except BROKEN as error:
            raise ValidationError(_("The file is damaged or no Word document (.docx).")) from error
        self.template = _compiled(source)

    def body(self, context: dict[str, str]) -> Any:
        """The filled text as XML element."""
        xml = self.template.render(
            {name: _without_controls(text) for name, text in context.items()}
        )
        tree = self.file.fix_tables(self.file.resolve_listing(xml))
        self.file.fix_docpr_ids(tree)
        return tree

    def saved(self, body: Any) -> bytes:
        self.file.map_tree(body)
        stream = io.BytesIO()
        self.file.docx.save(stream)
        return stream.getvalue()


def check(content: bytes) -> None:
    """Raise ValidationError, in words, unless the file can be filled for an actor."""
    letter = Letter(content)
    letter.saved(letter.body(dict.fromkeys(PLACEHOLDERS, "Muster & <Söhne>")))


def one_document(content: bytes, contexts: Iterable[dict[str, str]]) -> bytes:
    """All letters in one document, each on a new page."""
    letter = Letter(content)
    whole, end = None, None
    for context in contexts:
        body = letter.body(context)
        section = body.find(qn("w:sectPr"))
        if whole is None:
            whole, end = body, section
            continue
        pieces = [_page_break(), *(child for child in body if child is not section)]
        for piece in pieces:
            whole.append(piece) if end is None else end.addprevious(piece)
    if whole is None:
        raise ValidationError(_("Nobody of this list gets a letter."))
    return letter.saved(whole)


def as_zip(content: bytes, contexts: Iterable[dict[str, str]]) -> bytes:
    """A document per actor, packed; the number in front keeps the names apart."""
    letter = Letter(content)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, context in enumerate(contexts, 1):
            name = clean_name(f"{number:03} {context['name'][:80]}.docx")
            archive.writestr(name, letter.saved(letter.body(context)))
    return stream.getvalue()


def _checked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise ValidationError(_("The Word document is too large."))
    return content


def _refuse_placeholders_elsewhere(file: DocxTemplate) -> None:
    for part in _heads_and_feet(file):
        if any(mark in part for mark in ("{{", "{%")):
            raise ValidationError(
                _("Placeholders belong in the text of the letter, not in its header or footer.")
            )


def _heads_and_feet(file: DocxTemplate) -> Iterator[str]:
    for kind in (file.HEADER_URI, file.FOOTER_URI):
        for _key, part in file.get_headers_footers(kind):
            yield file.patch_xml(file.get_part_xml(part))


def _compiled(source: str) -> Template:
    try:
        tree = ENVIRONMENT.parse(source)
        wrong = next((node for node in tree.find_all(nodes.Node) if not _is_allowed(node)), None)
        if wrong is not None:
            raise ValidationError(
                _("A letter can use placeholders such as {{ name }}, and conditions on them.")
            )
        names = {node.name for node in tree.find_all(nodes.Name)}
        if unknown := sorted(names - PLACEHOLDERS.keys()):
            raise ValidationError(
                _("Unknown placeholders: %(unknown)s. There are: %(known)s."),
                params={"unknown": ", ".join(unknown), "known": ", ".join(PLACEHOLDERS)},
            )
        return ENVIRONMENT.from_string(source)
    except TemplateError as error:
        raise ValidationError(
            _("A placeholder is not written right: %(error)s"), params={"error": error.message}
        ) from error


def _is_allowed(node: nodes.Node) -> bool:
    return isinstance(node, ALLOWED)


def _without_controls(text: str) -> str:
    """XML cannot hold control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")


def _page_break() -> Any:
    paragraph, run, mark = (OxmlElement(name) for name in ("w:p", "w:r", "w:br"))
    mark.set(qn("w:type"), "page")
    run.append(mark)
    paragraph.append(run)
    return paragraph
