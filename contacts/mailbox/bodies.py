"""The text of a mail, its HTML without anything that acts or loads, and its other parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from typing import Any

import nh3

from contacts.mailbox.headers import clean, decoded

DEEPEST = 12  # parts within parts
LONGEST_TEXT = 200_000  # characters of a mail that are kept beside the raw one
BLOCKS = {
    *("blockquote", "br", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "li", "ol", "p", "pre", "table", "tr", "ul"),
}
TAGS = BLOCKS | {
    *("a", "b", "code", "em", "i", "s", "span", "strong", "sub", "sup", "tbody", "td", "tfoot"),
    *("th", "thead", "u"),
}

ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


@dataclass
class Body:
    """What a person reads, and the parts that are files."""

    text: str = ""
    html: str = ""
    files: list[Message] = field(default_factory=list)
    is_encrypted: bool = False


def read(message: Message) -> Body:
    """Plain text if there is some, else the HTML in words; every other part is a file."""
    if content_type(message) in ENCRYPTED:
        return Body(is_encrypted=True)
    plain: list[str] = []
    html: list[str] = []
    body = Body()
    for part in leaves(message):
        kind = _kind(part)
        if kind not in ("text/plain", "text/html") or _is_file(part):
            body.files.append(part)
        elif kind == "text/plain":
            plain.append(_plain_text_of(part))
        else:
            html.append(_text_of(part))
    body.html = safe_html("\n".join(html))[:LONGEST_TEXT]
    text = "\n".join(text for text in plain if text.strip())
    body.text = (text or in_words(body.html))[:LONGEST_TEXT].strip("\n")
    return body


def leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Every part that holds something itself. A mail within the mail is one part, not opened."""
    parts: Any = message.get_payload()
    is_multiple = content_type(message).startswith("multipart/")
    if isinstance(parts, list) and is_multiple and depth < DEEPEST:
        for part in parts:
            yield from leaves(part, depth + 1)
    else:
        yield message


def content_type(part: Message) -> str:
    """Such as "text/plain"; what cannot be read counts as unknown bytes."""
    try:
        return part.get_content_type()
    except Exception:  # the parser of headers fails on some that no standard knows
        return "application/octet-stream"


def _kind(part: Message) -> str:
    """The type of a leaf: many parts of which none was found are plain text."""
    kind = content_type(part)
    lost = kind.startswith("multipart/") and isinstance(part.get_payload(), str)
    return "text/plain" if lost else kind


def parameter(part: Message, name: str, header: str = "content-type") -> str:
    try:
        value = part.get_param(name, "", header)
    except Exception:  # as above
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")


def disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except Exception:  # as above
        return ""


def content(part: Message) -> bytes:
    """The decoded bytes of a part; empty when there are none."""
    try:
        found = part.get_payload(decode=True)
    except (LookupError, ValueError):
        return b""
    return found if isinstance(found, bytes) else b""


def _is_file(part: Message) -> bool:
    return disposition(part) == "attachment" or bool(
        parameter(part, "filename", "content-disposition") and disposition(part) != "inline"
    )


def _text_of(part: Message) -> str:
    whole = decoded(content(part), parameter(part, "charset"))
    return clean(whole[: 5 * LONGEST_TEXT])


def _plain_text_of(part: Message) -> str:
    text = _text_of(part)
    return unflowed(text) if parameter(part, "format").lower() == "flowed" else text


def unflowed(text: str) -> str:
    """Lines that a mail program broke are joined again (RFC 3676); the signature mark stays."""
    lines: list[str] = []
    is_soft = False
    for stuffed in text.split("\n"):
        line = stuffed.removeprefix(" ")
        if is_soft and line and not line.startswith(">") and line != "-- ":
            lines[-1] += line
        else:
            lines.append(line)
        is_soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(lines)


def safe_html(html: str) -> str:
    """Only harmless tags remain: no script, style, form or picture, so nothing is ever loaded."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        clean_content_tags={"script", "style", "title", "head"},
        link_rel="noopener noreferrer nofollow",
    )
    return clean(cleaned)


def in_words(html: str) -> str:
    """Cleaned HTML as plain text; quotes begin with ">"."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = [line.strip(" \t\xa0") for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "blockquote":
            self.quotes += 1
        if tag in BLOCKS:
            self._new_line()
        if tag == "li":
            self.pieces.append("– ")
        if tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        if tag in BLOCKS:
            self._new_line()
        if tag == "p":
            self.pieces.append("\n" + "> " * self.quotes)

    def handle_data(self, data: str) -> None:
        self.pieces.append(re.sub(r"\s+", " ", data))

    def _new_line(self) -> None:
        if self.pieces and not (self.pieces[-1].startswith("\n") and self.quotes == 0):
            self.pieces.append("\n" + "> " * self.quotes)
