"""The worker's part of the mail benchmark, in a process of its own: prints what it took."""

import json
import resource
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import IO

import django

django.setup()

from contacts.mailbox import processing, storing  # noqa: E402 - Django comes first
from contacts.models import IncomingMail, Mailbox  # noqa: E402
from zentrum.local.benchmarks.mail_intake import ordinary  # noqa: E402
from zentrum.office.models import Centre  # noqa: E402


def main(centre_id: int, mails: int, large: Path) -> None:
    centre = Centre.objects.select_related("carrier").get(pk=centre_id)
    mailbox = Mailbox.objects.create(
        name="Messung", address="desk@example.org", centre=centre, carrier=centre.carrier
    )
    _take(mailbox, BytesIO(ordinary(0)))
    started = time.perf_counter()
    for number in range(1, mails + 1):
        _take(mailbox, BytesIO(ordinary(number)))
    seconds = time.perf_counter() - started
    with large.open("rb") as content:
        _take(mailbox, content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"mails_a_second": round(mails / seconds, 1), "peak_mb": round(peak)}
    print(json.dumps(figures))  # noqa: T201 - the parent reads it


def _take(mailbox: Mailbox, content: IO[bytes]) -> None:
    mail, _is_new = storing.store(mailbox, content)
    processing.process(mail.pk)
    mail.refresh_from_db()
    if mail.action != IncomingMail.Action.NEW_CASE:
        raise RuntimeError(f"The mail became {mail.action}: {mail.reason} {mail.detail}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
