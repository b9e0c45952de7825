"""Read the headers of a mail whatever they hold: never fails, never gives control characters."""

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 20_000  # characters of one header that are looked at
IDENTIFIER = re.compile(r"<[^<>\s]{1,248}>")
MOST_IDENTIFIERS = 100
MOST_PEOPLE = 200
# Overriding and embedding marks turn what a person reads around ("fdp.exe"); ordinary right-to-left
# writing needs none of them.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WINDOWS = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}  # as browsers read them


def values(message: Message, name: str) -> list[str]:
    """The undecoded values of a header, one for each time it occurs, unfolded."""
    found = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return [re.sub(r"[\r\n]+[ \t]*", " ", str(value)[:LONGEST]).strip() for value in found]


def first(message: Message, name: str) -> str:
    """The header in words, empty when there is none."""
    found = values(message, name)
    return words(found[0]) if found else ""


def words(raw: str) -> str:
    """Encoded words (RFC 2047) and stray bytes as one line of text."""
    try:
        chunks = decode_header(_bytes_as_text(raw))
    except (MessageError, ValueError):
        chunks = [(raw, None)]
    text = "".join(
        chunk if isinstance(chunk, str) else decoded(chunk, charset) for chunk, charset in chunks
    )
    return one_line(text) or one_line(raw)


def decoded(content: bytes, charset: str | None) -> str:
    """Bytes as text: by their charset, else UTF-8, else Windows-1252. Never fails."""
    named = (charset or "").strip().strip("'\"").lower()
    for name in ("utf-8" if named in WINDOWS else named, "utf-8", "cp1252"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):  # an unknown charset, or not what it claims
            continue
    return content.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Text that can be stored and shown: no NULL, no lone surrogates, nothing that turns around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", text.encode("utf-8", "replace").decode())


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def identifiers(message: Message, name: str) -> list[str]:
    """The Message-IDs that a header lists, at most a hundred, the newest (last) of them."""
    found = [part for value in values(message, name) for part in IDENTIFIER.findall(value)]
    return [clean(value) for value in found][-MOST_IDENTIFIERS:]


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Name and address of everybody in these headers; what is no mail address is left out."""
    raw = [_bytes_as_text(value) for name in names for value in values(message, name)]
    found = [(words(name), address.strip().lower()) for name, address in _parsed(raw)]
    return [(name, address) for name, address in found if is_address(address)][:MOST_PEOPLE]


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _parsed(raw: list[str]) -> list[tuple[str, str]]:
    found = getaddresses(raw)
    if any(address for _name, address in found):
        return found
    # A comma in a name that nobody quoted: "Müller, Jo <jo@example.org>".
    angled = [re.search(r"^(.*?)<([^<>\s]+@[^<>\s]+)>", value) for value in raw]
    return [(match[1].strip(" \"'"), match[2]) for match in angled if match]


def _bytes_as_text(raw: str) -> str:
    """Header bytes beyond ASCII arrive as surrogates; most are UTF-8 or Windows-1252."""
    if raw.isascii():
        return raw
    return decoded(raw.encode("utf-8", "surrogateescape"), None)
