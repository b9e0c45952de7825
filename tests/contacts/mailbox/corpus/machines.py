"""Automatic mail, loops, and the bounces of nine servers."""

from tests.contacts.mailbox.corpus.building import (
    AUTOMATIC,
    BOUNCE,
    COLLEAGUE,
    OUR_ID,
    REFERENCE,
    SENDER,
    Nasty,
    answer,
    multipart,
    part,
    plain,
)

AW = {"subject": f"AW: [{REFERENCE}] Kehren"}
NOTED = AUTOMATIC | {"case": "known"} | AW
LOGGED = AUTOMATIC | {"case": None}
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
POST = {"sender": "mailer-daemon@mx.example"}
FAILED = BOUNCE | {"case": "known", "reason": "failed"}
RETURNED = (
    f"From: desk@stadt.example\nTo: {SENDER}\nMessage-ID: {OUR_ID}\nSubject: [{REFERENCE}] Kehren\n"
)
NOT_FOUND = "550 5.1.1 User unknown"


def report(words: str, status: str, *, returned: str = RETURNED, **options) -> bytes:
    return multipart(
        part(words),
        part(status, "message/delivery-status"),
        part(returned, "text/rfc822-headers"),
        kind="report; report-type=delivery-status",
        sender=options.pop("sender", DAEMON),
        **options,
    )


def blocks(action: str = "failed", status: str = "5.1.1", diagnosis: str = NOT_FOUND) -> str:
    return (
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {SENDER}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {diagnosis}\n"
    )


AUTOMATS = [
    Nasty(
        "absence notice",
        answer("Bin im Urlaub.", headers="Auto-Submitted: auto-replied"),
        NOTED | {"reason": "out_of_office"},
    ),
    Nasty(
        "absence notice with X-Autoreply",
        answer("Weg.", headers="X-Autoreply: yes"),
        NOTED | {"reason": "out_of_office"},
    ),
    Nasty(
        "absence notice by its subject",
        answer("Weg.", subject=f"Automatische Antwort: [{REFERENCE}] x"),
        NOTED | {"reason": "out_of_office", "subject": f"Automatische Antwort: [{REFERENCE}] x"},
    ),
    Nasty(
        "absence notice with Precedence",
        answer("Weg.", headers="Precedence: auto_reply"),
        NOTED | {"reason": "out_of_office"},
    ),
    Nasty(
        "absence notice of a colleague",
        answer("Weg.", sender=COLLEAGUE, headers="Auto-Submitted: auto-replied"),
        LOGGED | AW | {"sender": COLLEAGUE, "reason": "staff_absence"},
    ),
    Nasty(
        "Auto-Submitted: no is a person",
        answer(headers="Auto-Submitted: no"),
        {"action": "appended", "case": "known", "receipt": False, "state": "open"} | AW,
    ),
    Nasty(
        "auto-generated",
        plain("Sicherung fertig.", headers="Auto-Submitted: auto-generated"),
        LOGGED | {"reason": "machine"},
    ),
    Nasty(
        "suppressed answers",
        plain("x", headers="X-Auto-Response-Suppress: All"),
        LOGGED | {"reason": "machine"},
    ),
    Nasty(
        "null return path", plain("x", headers="Return-Path: <>"), LOGGED | {"reason": "machine"}
    ),
    Nasty(
        "no-reply sender",
        plain("x", sender="no-reply@shop.example"),
        LOGGED | {"reason": "machine", "sender": "no-reply@shop.example"},
    ),
    Nasty(
        "newsletter",
        plain("x", headers="List-Id: <news.example>\nPrecedence: bulk"),
        LOGGED | {"reason": "bulk"},
    ),
    Nasty("mailing list", plain("x", headers="Precedence: list"), LOGGED | {"reason": "bulk"}),
    Nasty(
        "another ticket system answers our answer",
        answer("Ihr Ticket #4711", headers="Auto-Submitted: auto-replied\nX-Loop: yes"),
        NOTED | {"reason": "out_of_office"},
    ),
    Nasty(
        "read receipt",
        multipart(
            part("Gelesen."),
            part(
                f"Original-Message-ID: {OUR_ID}\nDisposition: manual-action; displayed\n",
                "message/disposition-notification",
            ),
            kind="report; report-type=disposition-notification",
            headers=f"In-Reply-To: {OUR_ID}",
        ),
        AUTOMATIC | {"reason": "receipt", "case": "known"},
    ),
]

BOUNCES = [
    Nasty(
        "postfix",
        report("I'm sorry to have to inform you.", blocks(), subject="Undelivered Mail"),
        FAILED | POST | {"subject": "Undelivered Mail"},
    ),
    Nasty(
        "exchange online",
        report(
            "Ihre Nachricht konnte nicht zugestellt werden.",
            blocks("failed", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
            sender="postmaster@stadt.onmicrosoft.example",
            subject="Unzustellbar: Kehren",
        ),
        FAILED
        | {"sender": "postmaster@stadt.onmicrosoft.example", "subject": "Unzustellbar: Kehren"},
    ),
    Nasty(
        "gmail",
        report(
            "Die Adresse wurde nicht gefunden.",
            blocks("failed", "5.1.1", "550-5.1.1 no such user"),
            headers=f"X-Failed-Recipients: {SENDER}\nAuto-Submitted: auto-replied",
            subject="Delivery Status Notification (Failure)",
        ),
        FAILED | POST | {"subject": "Delivery Status Notification (Failure)"},
    ),
    Nasty(
        "mailbox full, given up",
        report(
            "Quota exceeded", blocks("failed", "4.2.2", "452 4.2.2 Mailbox full"), subject="Failure"
        ),
        FAILED | POST | {"subject": "Failure"},
    ),
    Nasty(
        "exim",
        plain(
            "A message that you sent could not be delivered to one or more of its recipients.\n\n"
            f"  {SENDER}\n    host mx.example [192.0.2.1]\n    SMTP error: {NOT_FOUND}\n\n"
            f"------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}",
            sender=DAEMON,
            headers=f"X-Failed-Recipients: {SENDER}\nAuto-Submitted: auto-replied",
            subject="Mail delivery failed: returning message to sender",
        ),
        FAILED | POST | {"subject": "Mail delivery failed: returning message to sender"},
    ),
    Nasty(
        "qmail",
        plain(
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your"
            f" message.\n\n<{SENDER}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy of the message.\n\n{RETURNED}",
            sender=DAEMON,
            headers="Return-Path: <>",
            subject="failure notice",
        ),
        FAILED | POST | {"subject": "failure notice"},
    ),
    Nasty(
        "domino",
        plain(
            f"Ihr Dokument: Kehren\nkonnte nicht zugestellt werden an: {SENDER}\nUser not listed in"
            f" Domino Directory\n\n{RETURNED}",
            sender="Postmaster@mx.example",
            subject="DELIVERY FAILURE: User jo not listed",
        ),
        FAILED
        | {"sender": "postmaster@mx.example", "subject": "DELIVERY FAILURE: User jo not listed"},
    ),
    Nasty(
        "german web mailer",
        plain(
            "This message was created automatically by mail delivery software.\n\nA message that you sent"
            f" could not be delivered.\n\n{SENDER}:\nSMTP error from remote server: {NOT_FOUND}\n\n{RETURNED}",
            sender=DAEMON,
            subject="Mail delivery failed",
        ),
        FAILED | POST | {"subject": "Mail delivery failed"},
    ),
    Nasty(
        "sendmail",
        multipart(
            part(
                f"   ----- The following addresses had permanent fatal errors -----\n<{SENDER}>\n"
            ),
            part(blocks(), "message/delivery-status"),
            part(RETURNED + "\nWir kehren.", "message/rfc822"),
            kind="report; report-type=delivery-status",
            sender=DAEMON,
            subject="Returned mail: see transcript for details",
        ),
        FAILED | POST | {"subject": "Returned mail: see transcript for details"},
    ),
    Nasty(
        "only delayed",
        report("Will be retried.", blocks("delayed", "4.4.1"), subject="Warning"),
        BOUNCE | POST | {"case": "known", "reason": "delayed", "subject": "Warning"},
    ),
    Nasty(
        "delivered",
        report("Done.", blocks("delivered", "2.1.5"), subject="Success"),
        AUTOMATIC | POST | {"case": None, "reason": "receipt", "subject": "Success"},
    ),
    Nasty(
        "bounce of a mail that is not ours",
        report("x", blocks(), returned="Message-ID: <fremd@example.org>\n", subject="Undelivered"),
        BOUNCE | POST | {"case": None, "reason": "unknown_mail", "subject": "Undelivered"},
    ),
    Nasty(
        "bounce without a machine-readable part",
        plain(f"Undeliverable.\n\n{RETURNED}", sender=DAEMON, subject="Undeliverable: Kehren"),
        FAILED | POST | {"subject": "Undeliverable: Kehren"},
    ),
    Nasty(
        "report whose blocks are broken",
        multipart(
            part("x"),
            part("Unsinn", "message/delivery-status"),
            part(RETURNED, "text/rfc822-headers"),
            kind="report; report-type=delivery-status",
            sender=DAEMON,
            subject="Undelivered",
        ),
        FAILED | POST | {"subject": "Undelivered"},
    ),
]

MAILS = AUTOMATS + BOUNCES
