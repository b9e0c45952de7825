"""The worker's part of the mail benchmark, in a process of its own: prints what it took."""

import json
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import IO

import django

django.setup()

from contacts.mailbox import processing, storing  # noqa: E402 - Django comes first
from contacts.models import IncomingMail, Mailbox, Message  # noqa: E402
from zentrum.celery import spare_the_collector  # noqa: E402
from zentrum.local.benchmarks.mail_intake import ordinary  # noqa: E402
from zentrum.local.benchmarks.workers import peak_megabytes  # noqa: E402
from zentrum.office.models import Centre  # noqa: E402


def main(centre_id: int, mails: int, large: Path) -> None:
    centre = Centre.objects.select_related("carrier").get(pk=centre_id)
    mailbox = Mailbox.objects.create(
        name="Messung", address="desk@example.org", centre=centre, carrier=centre.carrier
    )
    for number in range(3):  # templates and statements are made once
        _take(mailbox, BytesIO(ordinary(number)))
    started = time.perf_counter()
    for number in range(3, mails + 3):
        _take(mailbox, BytesIO(ordinary(number)))
    seconds = time.perf_counter() - started
    with large.open("rb") as content:
        _take(mailbox, content)
    _check(mails)
    figures = {"mails_a_second": round(mails / seconds, 1), "peak_mb": peak_megabytes()}
    print(json.dumps(figures))  # noqa: T201 - the parent reads it


def _take(mailbox: Mailbox, content: IO[bytes]) -> None:
    mail, _is_new = storing.store(mailbox, content)
    processing.process(mail.pk)


def _check(mails: int) -> None:
    """Every mail is a message of its own in the right number of cases."""
    found = Counter(IncomingMail.objects.values_list("action", flat=True))
    messages = Message.objects.filter(by_mail=True).count()
    if (
        found != {"new_case": mails // 3 + 2, "appended": mails // 3 * 2 + 2}
        or messages != mails + 4
    ):
        raise RuntimeError(f"{messages} messages, and the mails became {found}")


if __name__ == "__main__":
    spare_the_collector()
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
