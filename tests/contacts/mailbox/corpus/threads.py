"""What belongs to a case, what only looks like it, and what must never change hands."""

from tests.contacts.mailbox.corpus.building import (
    APPENDED,
    JO_ID,
    NEIGHBOUR,
    OUR_ID,
    REFERENCE,
    TEXT,
    Nasty,
    answer,
    plain,
)

AW = APPENDED | {"subject": f"AW: [{REFERENCE}] Kehren"}
UTE = f"Ute <{NEIGHBOUR}>"

MAILS = [
    Nasty("answer by our id", answer(), AW),
    Nasty(
        "our id among the references only",
        plain(headers=f"References: {OUR_ID} <anders@laden.example>"),
        APPENDED,
    ),
    Nasty("id of their own earlier mail", plain(headers=f"In-Reply-To: {JO_ID}"), APPENDED),
    Nasty(
        "refers to a mail that we never saw",
        plain(headers=f"In-Reply-To: <nie@gesehen.example>\nReferences: {JO_ID}"),
        APPENDED,
    ),
    Nasty(
        "reference in the subject",
        plain(subject=f"Re: [{REFERENCE}] Kehren"),
        APPENDED | {"subject": f"Re: [{REFERENCE}] Kehren"},
    ),
    Nasty(
        "reference without brackets",
        plain(subject=f"Nachtrag zu {REFERENCE}"),
        APPENDED | {"subject": f"Nachtrag zu {REFERENCE}"},
    ),
    Nasty(
        "reference that does not exist",
        plain(subject="AW: [V-2026-9999] Kehren"),
        {"subject": "AW: [V-2026-9999] Kehren"},
    ),
    Nasty(
        "stranger answers our mail",
        answer(sender=UTE),
        AW | {"sender": NEIGHBOUR, "stranger": NEIGHBOUR},
    ),
    Nasty(
        "stranger writes the reference",
        plain(sender=UTE, subject=f"[{REFERENCE}] Kehren"),
        APPENDED | {"sender": NEIGHBOUR, "stranger": NEIGHBOUR, "subject": f"[{REFERENCE}] Kehren"},
    ),
    Nasty(
        "stranger with an id of the thread gets a case of their own",
        plain(sender=UTE, headers=f"In-Reply-To: {JO_ID}"),
        {"sender": NEIGHBOUR},
    ),
    Nasty(
        "forward of a third party (WG)",
        answer(sender=UTE, subject=f"WG: [{REFERENCE}] Kehren"),
        {"sender": NEIGHBOUR, "suggested": "known", "subject": f"WG: [{REFERENCE}] Kehren"},
    ),
    Nasty(
        "forward of a third party (Fwd)",
        answer(sender=UTE, subject=f"Fwd: [{REFERENCE}] Kehren"),
        {"sender": NEIGHBOUR, "suggested": "known", "subject": f"Fwd: [{REFERENCE}] Kehren"},
    ),
    Nasty(
        "forward of the sender shows what it forwards",
        answer(
            f"Siehe unten.\n\nVon: Amt\nGesendet: heute\nAn: Jo\n\n{TEXT}",
            subject=f"WG: [{REFERENCE}] Kehren",
        ),
        APPENDED
        | {
            "subject": f"WG: [{REFERENCE}] Kehren",
            "text": f"Siehe unten.\n\nVon: Amt\nGesendet: heute\nAn: Jo\n\n{TEXT}",
        },
    ),
    Nasty(
        "same words in the subject only",
        plain(subject="AW: Kehren"),
        {"subject": "AW: Kehren", "state": "closed"},
    ),
    Nasty("the same subject from somebody else", plain(sender=UTE), {"sender": NEIGHBOUR}),
    Nasty(
        "Antw",
        answer(subject=f"Antw: [{REFERENCE}] Kehren"),
        APPENDED | {"subject": f"Antw: [{REFERENCE}] Kehren"},
    ),
    Nasty(
        "our own mail comes back",
        plain().replace(b"<mail@laden.example>", OUR_ID.encode()),
        {"action": "own", "reason": "sent_by_us", "case": None, "text": None, "receipt": False},
    ),
    Nasty("Thread-Index of Outlook says nothing", plain(headers="Thread-Index: AdX1=="), {}),
]
