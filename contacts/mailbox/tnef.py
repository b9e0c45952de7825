"""Take the files out of winmail.dat (Transport Neutral Encapsulation Format, MS-OXTNEF).

Only files and their names are read; formatted text within is left alone, the mail has its own.
"""

import struct
from collections.abc import Iterator

SIGNATURE = 0x223E9F78
HEAD = struct.Struct("<BII")  # level, attribute, length; a checksum of two bytes follows the data
RENDERING, TITLE, DATA, PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
LONG_NAME_UNICODE = struct.pack("<HH", 0x001F, 0x3707)
LONG_NAME = struct.pack("<HH", 0x001E, 0x3707)


def files(content: bytes) -> list[tuple[str, bytes]]:
    """Name and content of each file. Raises ValueError when this is no readable winmail.dat."""
    found: list[tuple[str, bytes]] = []
    name, data = "", b""
    for attribute, value in _attributes(content):
        if attribute == RENDERING:  # the next file begins
            found += [(name, data)] if data else []
            name, data = "", b""
        elif attribute == TITLE:
            name = name or value.rstrip(b"\0").decode("cp1252", "replace")
        elif attribute == DATA:
            data = value
        elif attribute == PROPERTIES:
            name = _long_name(value) or name
    return found + ([(name, data)] if data else [])


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != SIGNATURE:
        raise ValueError("no winmail.dat")
    place = 6
    while place + HEAD.size <= len(content):
        _level, attribute, length = HEAD.unpack_from(content, place)
        place += HEAD.size
        if place + length > len(content):
            raise ValueError("winmail.dat is cut off")
        yield attribute, content[place : place + length]
        place += length + 2


def _long_name(properties: bytes) -> str:
    """The name with more than eight letters: a count of one, its length in bytes, the text."""
    for mark, encoding in ((LONG_NAME_UNICODE, "utf-16-le"), (LONG_NAME, "cp1252")):
        start = properties.find(mark)
        if start < 0 or start + 12 > len(properties):
            continue
        (length,) = struct.unpack_from("<I", properties, start + 8)
        text = properties[start + 12 : start + 12 + min(length, 600)]
        return text.decode(encoding, "replace").rstrip("\0")
    return ""
