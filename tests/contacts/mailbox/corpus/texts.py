"""Encodings, empty and odd bodies, quotes and signatures."""

from tests.contacts.mailbox.corpus.building import (
    APPENDED,
    REFERENCE,
    TEXT,
    Nasty,
    answer,
    multipart,
    part,
    plain,
)

UMLAUTS = "Grüße aus der Königstraße – 5 €"
AW = {"subject": f"AW: [{REFERENCE}] Kehren"}
QUOTED = "> Vielen Dank für Ihre Nachricht.\n> Wir kehren am Freitag."

MAILS = [
    Nasty("plain", plain()),
    Nasty("line feeds only", plain().replace(b"\r\n", b"\n")),
    Nasty("utf-8", plain(UMLAUTS), {"text": UMLAUTS}),
    Nasty(
        "windows-1252",
        plain(UMLAUTS.encode("cp1252"), kind="text/plain; charset=windows-1252"),
        {"text": UMLAUTS},
    ),
    Nasty(
        "latin-1 that is windows-1252",
        plain(UMLAUTS.encode("cp1252"), kind="text/plain; charset=iso-8859-1"),
        {"text": UMLAUTS},
    ),
    Nasty(
        "iso-8859-15",
        plain("Grüße für 5 €".encode("iso-8859-15"), kind="text/plain; charset=iso-8859-15"),
        {"text": "Grüße für 5 €"},
    ),
    Nasty(
        "koi8-r",
        plain("Добрый день".encode("koi8-r"), kind="text/plain; charset=koi8-r"),
        {"text": "Добрый день"},
    ),
    Nasty(
        "utf-8 said to be ascii",
        plain(UMLAUTS, kind="text/plain; charset=us-ascii"),
        {"text": UMLAUTS},
    ),
    Nasty(
        "windows-1252 said to be utf-8",
        plain("Grüße".encode("cp1252")),
        {"text": "Grüße"},
    ),
    Nasty(
        "unknown charset", plain(UMLAUTS, kind="text/plain; charset=x-klingon"), {"text": UMLAUTS}
    ),
    Nasty("charset that is no text", plain(kind="text/plain; charset=base64"), {}),
    Nasty(
        "utf-16",
        plain("Grüße".encode("utf-16"), kind="text/plain; charset=utf-16"),
        {"text": "Grüße"},
    ),
    Nasty(
        "quoted-printable",
        plain("Gr=C3=BC=C3=9Fe, ein langer=\n Satz", encoding="quoted-printable"),
        {"text": "Grüße, ein langer Satz"},
    ),
    Nasty(
        "broken base64",
        plain("R3LDvMOfZQ=!!=\n", encoding="base64"),
        {"text": "Grüße"},
    ),
    Nasty("unknown transfer encoding", plain(encoding="x-uuencode-2"), {}),
    Nasty("null bytes", plain(b"Guten\0 Tag"), {"text": "Guten Tag"}),
    Nasty("escape sequences", plain("\x1b[31mRot\x1b[0m \x07"), {"text": "[31mRot[0m"}),
    Nasty("emoji", plain("Danke! 🧹👍🏽"), {"text": "Danke! 🧹👍🏽"}),
    Nasty("right to left", plain("שלום עולם"), {"text": "שלום עולם"}),
    Nasty("direction override", plain("Rechnung \u202efdp.exe"), {"text": "Rechnung fdp.exe"}),
    Nasty("empty body", plain(""), {"text": "(Die Mail hat keinen Text.)"}),
    Nasty("blanks only", plain(" \n\t\n\u200b\n"), {"text": "(Die Mail hat keinen Text.)"}),
    Nasty("one very long line", plain("a" * 60_000), {"text": "a" * 50_000}),
    Nasty(
        "html only",
        plain(
            "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Guten Tag,</p>"
            "<p>wann wird <b>gekehrt</b>?</p><script>alert(1)</script></body></html>",
            kind="text/html; charset=utf-8",
        ),
        {"text": "Guten Tag,\n\nwann wird gekehrt?"},
    ),
    Nasty(
        "html that loads pictures and posts forms",
        plain(
            '<p onclick="x()">Hallo<img src="https://spion.example/p.gif"></p>'
            '<form action="https://spion.example"><input name="q"></form>'
            '<a href="javascript:alert(1)">hier</a>',
            kind="text/html",
        ),
        {"text": "Hallo\n\nhier"},
    ),
    Nasty(
        "html quote of gmail",
        answer(
            "<div>Passt, danke!</div><br><div class='gmail_quote'><div>Am Fr., 27. Nov. 2026 um 10:03"
            " Uhr schrieb Amt &lt;desk@stadt.example&gt;:</div><blockquote>Wir kehren am Freitag."
            "</blockquote></div>",
            kind="text/html; charset=utf-8",
        ),
        APPENDED | AW | {"text": "Passt, danke!"},
    ),
    Nasty(
        "outlook",
        answer(
            "Passt, danke!\n\nMit freundlichen Grüßen\nJo\n\nVon: Zentrenmanagement <desk@stadt.example>"
            "\nGesendet: Freitag, 27. November 2026 10:03\nAn: Jo Laden\nBetreff: Kehren\n\nWir kehren."
        ),
        APPENDED | AW | {"text": "Passt, danke!\n\nMit freundlichen Grüßen\nJo"},
    ),
    Nasty(
        "outlook with a divider",
        answer(
            "Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: Amt\nGesendet: heute\n\nWir kehren."
        ),
        APPENDED | AW | {"text": "Gut."},
    ),
    Nasty(
        "gmail over two lines",
        answer(
            "Gut.\n\nAm Fr., 27. Nov. 2026 um 10:03 Uhr schrieb Zentrenmanagement Musterstadt <\n"
            f"desk@stadt.example>:\n\n{QUOTED}"
        ),
        APPENDED | AW | {"text": "Gut."},
    ),
    Nasty(
        "apple mail",
        answer(
            f"Gut.\n\nVon meinem iPhone gesendet\n\n> Am 27.11.2026 um 10:03 schrieb Amt:\n{QUOTED}"
        ),
        APPENDED | AW | {"text": "Gut."},
    ),
    Nasty(
        "thunderbird with a signature",
        answer(f"Gut.\n\n-- \nJo Laden\nMarkt 3\n\nAm 27.11.26 um 10:03 schrieb Amt:\n{QUOTED}"),
        APPENDED | AW | {"text": "Gut."},
    ),
    Nasty(
        "web mailer",
        answer(
            "Gut.\n\nGesendet: Freitag, 27. November 2026 um 10:03 Uhr\nVon: Amt <desk@stadt.example>"
            "\nAn: jo@laden.example\nBetreff: Kehren\n\nWir kehren."
        ),
        APPENDED | AW | {"text": "Gut."},
    ),
    Nasty(
        "answers between quotes stay whole",
        answer(f"{QUOTED}\nUm wie viel Uhr?\n> Bitte parken Sie um.\nGern."),
        APPENDED | AW | {"text": f"{QUOTED}\nUm wie viel Uhr?\n> Bitte parken Sie um.\nGern."},
    ),
    Nasty("nothing but a quote", answer(QUOTED), APPENDED | AW | {"text": QUOTED}),
    Nasty(
        "a date that is no quote",
        answer("Am 3. Mai schrieb ich Ihnen: Es geschah nichts.\nUnd nun?"),
        APPENDED | AW | {"text": "Am 3. Mai schrieb ich Ihnen: Es geschah nichts.\nUnd nun?"},
    ),
    Nasty(
        "format flowed",
        plain("Ein langer \nSatz.\n-- \nJo", kind="text/plain; charset=utf-8; format=flowed"),
        {"text": "Ein langer Satz."},
    ),
    Nasty(
        "alternative with an empty plain part",
        multipart(part(""), part(f"<p>{TEXT}</p>", "text/html; charset=utf-8"), kind="alternative"),
    ),
]
