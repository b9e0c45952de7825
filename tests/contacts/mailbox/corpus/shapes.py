"""Broken structure, odd headers, senders that are none, injected lines."""

from tests.contacts.mailbox.corpus.building import (
    DESK,
    NEIGHBOUR,
    QUARANTINED,
    SENDER,
    TEXT,
    Nasty,
    multipart,
    part,
    plain,
)

CROWD = ", ".join(f"person{n}@example.org" for n in range(200))
DEEP = b"--b0\r\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    for level in range(1, 60)
)

MAILS = [
    Nasty("boundary never ends", multipart(part(TEXT), end=False)),
    Nasty(
        "boundary is not named",
        plain(f"--x\n\n{TEXT}", kind="multipart/mixed"),
        {"text": f"--x\n\n{TEXT}"},
    ),
    Nasty(
        "boundary never comes",
        plain(TEXT, kind='multipart/mixed; boundary="nie"'),
        {},
    ),
    Nasty(
        "sixty levels deep",
        plain(DEEP + TEXT.encode(), kind='multipart/mixed; boundary="b0"'),
        {"text": "(Die Mail hat keinen Text.)", "refused": 1},
    ),
    Nasty("no content type", plain(kind=""), {}),
    Nasty("malformed content type", plain(kind="text; ;;=;charset"), {}),
    Nasty("content type with a lost quote", plain(kind='text/plain; charset="utf-8'), {}),
    Nasty("no message id", plain().replace(b"Message-ID: <mail@laden.example>\r\n", b"")),
    Nasty("no date", plain().replace(b"Date: Fri, 27 Nov 2026 09:00:00 +0100\r\n", b"")),
    Nasty("a date in the far future", plain().replace(b"2026 09:00", b"2199 09:00")),
    Nasty("a date that is none", plain().replace(b"Fri, 27 Nov 2026 09:00:00 +0100", b"gestern")),
    Nasty(
        "no headers at all",
        b"\r\nnur Text\r\n",
        QUARANTINED | {"reason": "no_sender"} | {"sender": "", "subject": ""},
    ),
    Nasty(
        "nothing at all", b"", QUARANTINED | {"reason": "no_sender", "sender": "", "subject": ""}
    ),
    Nasty(
        "binary noise",
        bytes(range(256)) * 40,
        QUARANTINED | {"reason": "no_sender", "sender": "", "subject": ""},
    ),
    Nasty("no sender", plain(sender=None), QUARANTINED | {"reason": "no_sender", "sender": ""}),
    Nasty(
        "sender is no address",
        plain(sender="Jo"),
        QUARANTINED | {"reason": "no_sender", "sender": ""},
    ),
    Nasty(
        "two senders",
        plain(headers=f"From: {NEIGHBOUR}"),
        QUARANTINED | {"reason": "several_senders"},
    ),
    Nasty("two people in one From", plain(sender=f"{SENDER}, {NEIGHBOUR}")),
    Nasty(
        "our own address",
        plain(sender=DESK),
        QUARANTINED | {"reason": "own_address", "sender": DESK},
    ),
    Nasty("comma in an unquoted name", plain(sender=f"Laden, Jo <{SENDER}>")),
    Nasty("encoded name", plain(sender=f"=?utf-8?b?SsO2?= <{SENDER}>")),
    Nasty("encoded name with an unknown charset", plain(sender=f"=?x-nie?q?J=F6?= <{SENDER}>")),
    Nasty("answers elsewhere", plain(headers=f"Reply-To: {NEIGHBOUR}"), {}),
    Nasty("200 recipients", plain(headers=f"Cc: {CROWD}"), {}),
    Nasty(
        "subject in raw windows-1252",
        plain(subject=b"Stra\xdfe".decode("ascii", "surrogateescape")),
        {"subject": "Straße"},
    ),
    Nasty(
        "subject split within a letter",
        plain(subject="=?utf-8?B?U3RyYcM=?= =?utf-8?B?n2U=?="),
        {"subject": "Straße"},
    ),
    Nasty(
        "subject with broken base64",
        plain(subject="=?utf-8?b?!!!?="),
        {"subject": "=?utf-8?b?!!!?="},
    ),
    Nasty(
        "subject with an injected header",
        plain(subject="=?utf-8?q?Kehren=0D=0ABcc=3A_opfer=40example=2Eorg?="),
        {"subject": "Kehren Bcc: opfer@example.org"},
    ),
    Nasty(
        "sender with an injected header",
        plain(sender=f"=?utf-8?q?Jo=0ABcc=3A_x=40example=2Eorg?= <{SENDER}>"),
    ),
    Nasty("subject with null and direction marks", plain(subject="Keh\u202eren\0"), {}),
    Nasty("no subject", plain(subject=None), {"subject": ""}),
    Nasty("subject of 5,000 letters", plain(subject="K" * 5000), {"subject": "K" * 250}),
    Nasty("folded with tabs", plain(subject="Keh\r\n\tren"), {"subject": "Keh ren"}),
    Nasty("thousand headers", plain(headers="\n".join(f"X-{n}: y" for n in range(1000))), {}),
    Nasty("ten thousand references", plain(headers="References: " + "<a@b> " * 10_000), {}),
    Nasty("message id without brackets", plain().replace(b"<mail@laden.example>", b"mail"), {}),
]
