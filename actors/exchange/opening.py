"""Whatever file somebody sends: which kind it is, how it is kept, and its table."""

import io
from pathlib import PurePosixPath
from typing import IO

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from actors.exchange import cards, reading, workbooks
from actors.exchange.tables import AnyTable

ZIPPED = b"PK\x03\x04"
TEXT_ENDINGS = (".csv", ".txt")


def open_file(stream: IO[bytes]) -> AnyTable:
    """The table of a workbook, of vCards or of delimited text, told by what the bytes are.

    Raises ValidationError with what to do when it is none of them.
    """
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(ZIPPED):
        return workbooks.open_workbook(stream)
    workbooks.refuse_old(stream)
    if cards.is_cards(head.decode("utf-8", "ignore")) or _is_wide(head):
        text = reading.as_utf8(stream).decode().removeprefix("\ufeff")
        stream.seek(0)
        if cards.is_cards(text):
            return cards.open_cards(text)
    return reading.open_table(stream)


def _is_wide(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff"))


def kept(upload: UploadedFile) -> SimpleUploadedFile:
    """The upload as it is stored: text as UTF-8, under an ending that is taken."""
    name = PurePosixPath(upload.name or "").name
    upload.seek(0)
    if upload.read(4) == ZIPPED:
        upload.seek(0)
        if not name.lower().endswith(".xlsx"):
            name += ".xlsx"
        return SimpleUploadedFile(name, upload.read())
    upload.seek(0)
    stream = io.BytesIO(upload.read())
    workbooks.refuse_old(stream)
    content = reading.as_utf8(stream)
    if not name.lower().endswith(TEXT_ENDINGS):
        name += ".txt" if cards.is_cards(content[:100].decode("utf-8", "ignore")) else ".csv"
    return SimpleUploadedFile(name, content, "text/csv")
