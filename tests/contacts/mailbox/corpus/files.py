"""Files: names, kinds, mails within mails, signed and encrypted ones, winmail.dat."""

import struct

from tests.contacts.mailbox.corpus.building import (
    PDF,
    PNG,
    TEXT,
    Nasty,
    file,
    multipart,
    part,
    plain,
)

ENCRYPTED = (
    "(Die Mail ist verschlüsselt, das Portal kann sie nicht lesen. Die ganze Mail ist aufbewahrt.)"
)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Ortstermin\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
INNER = f"From: amt@example.org\nSubject: Plan\nContent-Type: text/plain\n\n{TEXT}"


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, kind, len(value)) + value + b"\0\0"


def winmail(*, name: bytes = b"PLAN.PDF\0", long_name: str = "") -> bytes:
    properties = b""
    if long_name:
        text = long_name.encode("utf-16-le") + b"\0\0"
        properties = struct.pack("<HHII", 0x001F, 0x3707, 1, len(text)) + text
        properties = attribute(0x00069005, properties)
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(0x00069002, b"\0" * 14)
        + attribute(0x00018010, name)
        + attribute(0x0006800F, PDF)
        + properties
    )


MAILS = [
    Nasty(
        "picture and text",
        multipart(part(TEXT), file(PNG, "laden.png", "image/png")),
        {"files": ["laden.png"]},
    ),
    Nasty(
        "inline picture",
        multipart(
            part(f'<p>{TEXT}</p><img src="cid:bild1">', "text/html"),
            part(PNG, "image/png", "Content-ID: <bild1>\r\nContent-Disposition: inline\r\n"),
            kind="related",
        ),
        {"files": ["Anlage.png"]},
    ),
    Nasty(
        "RFC 2231 name",
        multipart(part(TEXT), file(PDF, "filename*=utf-8''Stra%C3%9Fe%20Ost.pdf")),
        {"files": ["Straße Ost.pdf"]},
    ),
    Nasty(
        "RFC 2231 name in pieces",
        multipart(part(TEXT), file(PDF, "filename*0*=utf-8''Stra%C3%9F; filename*1=e.pdf")),
        {"files": ["Straße.pdf"]},
    ),
    Nasty(
        "name as encoded word",
        multipart(part(TEXT), file(PDF, "=?utf-8?B?U3RyYcOfZS5wZGY=?=")),
        {"files": ["Straße.pdf"]},
    ),
    Nasty(
        "name with folders",
        multipart(part(TEXT), file(PDF, "..\\..\\etc/plan.pdf")),
        {"files": ["plan.pdf"]},
    ),
    Nasty(
        "name that turns around",
        multipart(part(TEXT), file(PNG, "foto\u202egnp.exe")),
        {"refused": 1},
    ),
    Nasty(
        "no name", multipart(part(TEXT), part(PDF, "application/pdf")), {"files": ["Anlage.pdf"]}
    ),
    Nasty(
        "same name twice",
        multipart(part(TEXT), file(PDF, "a.pdf"), file(PDF + b"1", "a.pdf")),
        {"files": ["a.pdf", "a.pdf"]},
    ),
    Nasty("program", multipart(part(TEXT), file(b"MZ\x90", "virus.exe")), {"refused": 1}),
    Nasty(
        "program that says it is a PDF",
        multipart(part(TEXT), file(b"MZ\x90", "plan.pdf")),
        {"refused": 1},
    ),
    Nasty("empty file", multipart(part(TEXT), file(b"", "leer.pdf")), {"refused": 1}),
    Nasty(
        "broken base64 file",
        multipart(part(TEXT), file(PDF, "a.pdf")[:-9] + b"!*!"),
        {"files": ["a.pdf"]},
    ),
    Nasty(
        "sixty files",
        multipart(part(TEXT), *(file(PNG + bytes([n]), f"{n}.png") for n in range(60))),
        {"files": [f"{n}.png" for n in range(40)], "refused": 1},
    ),
    Nasty(
        "only a picture",
        multipart(part(PNG, "image/png")),
        {"files": ["Anlage.png"], "text": "(Die Mail hat keinen Text.)"},
    ),
    Nasty(
        "mail within the mail",
        multipart(part(TEXT), part(INNER, "message/rfc822")),
        {"files": ["Plan.eml"]},
    ),
    Nasty(
        "forwarded as a file, without words",
        multipart(part(INNER, "message/rfc822")),
        {"files": ["Plan.eml"], "text": "(Die Mail hat keinen Text.)"},
    ),
    Nasty(
        "calendar invitation",
        multipart(
            part(TEXT),
            part(CALENDAR, "text/calendar; method=REQUEST; charset=utf-8"),
            kind="alternative",
        ),
        {"files": ["Anlage.ics"]},
    ),
    Nasty(
        "winmail.dat",
        multipart(part(TEXT), file(winmail(), "winmail.dat", "application/ms-tnef")),
        {"files": ["PLAN.PDF"]},
    ),
    Nasty(
        "winmail.dat with a long name",
        multipart(part(TEXT), file(winmail(long_name="Straßenplan.pdf"), "winmail.dat")),
        {"files": ["Straßenplan.pdf"]},
    ),
    Nasty(
        "winmail.dat that is cut off",
        multipart(part(TEXT), file(winmail()[:60], "winmail.dat")),
        {"refused": 1},
    ),
    Nasty(
        "winmail.dat that is none",
        multipart(part(TEXT), file(b"unsinn", "winmail.dat")),
        {"refused": 1},
    ),
    Nasty(
        "signed (S/MIME)",
        multipart(
            part(TEXT),
            file(b"0\x82", "smime.p7s", "application/pkcs7-signature"),
            kind='signed; protocol="application/pkcs7-signature"',
        ),
        {},
    ),
    Nasty(
        "signed (PGP)",
        multipart(
            part(TEXT),
            part("-----BEGIN PGP SIGNATURE-----", "application/pgp-signature"),
            kind="signed",
        ),
        {},
    ),
    Nasty(
        "encrypted (S/MIME)",
        plain(b"MIAGCSqG", kind='application/pkcs7-mime; name="smime.p7m"', encoding="base64"),
        {"text": ENCRYPTED},
    ),
    Nasty(
        "encrypted (PGP/MIME)",
        multipart(
            part("Version: 1", "application/pgp-encrypted"),
            part("-----BEGIN PGP MESSAGE-----\n\nhQ", "application/octet-stream"),
            kind="encrypted",
        ),
        {"text": ENCRYPTED},
    ),
]
