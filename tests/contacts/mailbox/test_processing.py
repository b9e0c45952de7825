"""One mail, one transaction: nothing lost, nothing twice, no mail stops another."""

import json
import os
import subprocess
import sys
from io import BytesIO, StringIO
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from contacts.mailbox import deciding, processing, storing, sweeping
from contacts.models import Case, IncomingMail, Mailbox, MailIdentifier
from tests.concurrency import run_at_once
from tests.contacts.mailbox.corpus.building import JO_ID, answer, plain
from tests.factories.office import CarrierFactory, MandateFactory
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Mandate

pytestmark = pytest.mark.django_db


def kept(mailbox, raw):
    return storing.store(mailbox, BytesIO(raw))[0]


def test_same_mail_with_other_trace_headers_is_a_duplicate(mailbox):
    copies = [plain(headers=f"Received: from {host}") for host in ("a", "b")]

    rows = [storing.store(mailbox, BytesIO(raw)) for raw in copies]

    assert [is_new for _mail, is_new in rows] == [True, False]
    assert rows[0][0] == rows[1][0]


def test_same_message_id_with_another_body_is_another_mail(mailbox, take_in):
    first, second = take_in(plain("eins")), take_in(plain("zwei"))

    assert (first.action, second.action, second.case) == ("new_case", "appended", first.case)


def test_copy_in_another_mailbox_of_the_carrier_makes_no_second_case(mailbox, take_in):
    other = Mailbox.objects.create(
        name="Zwei", address="zwei@stadt.example", carrier=mailbox.carrier, centre=mailbox.centre
    )

    first, second = take_in(plain()), take_in(plain(), other)

    assert (second.action, second.case) == ("duplicate", first.case)
    assert Case.objects.count() == 1


def test_mailbox_of_another_carrier_makes_cases_for_its_own_people(mailbox, take_in):
    theirs = MandateFactory(centre=mailbox.centre, carrier=CarrierFactory())
    other = Mailbox.objects.create(
        name="GSM", address="gsm@stadt.example", carrier=theirs.carrier, centre=mailbox.centre
    )

    case = take_in(plain(), other).case

    assert (case.carrier, case.owner) == (theirs.carrier, theirs.user)


def test_one_receipt_per_address_and_day(mailbox, take_in):
    for number in "123":
        take_in(plain(f"Anliegen {number}", number=number, subject=f"Sache {number}"))

    assert Case.objects.count() == 3
    assert OutgoingMail.objects.filter(key__endswith="-receipt").count() == 1


def test_flood_of_one_address_is_held_back(mailbox, take_in, monkeypatch):
    monkeypatch.setattr(deciding, "MOST_AN_HOUR", 3)

    actions = [take_in(plain(f"{n}", number=str(n))).reason for n in range(5)]

    assert actions == ["", "", "", "flood", "flood"]


def test_nobody_at_the_desk_holds_the_mail_back(mailbox, take_in):
    Mandate.objects.all().delete()

    mail = take_in(plain())

    assert (mail.action, mail.reason, Case.objects.count()) == ("quarantined", "nobody", 0)


def test_mail_that_breaks_the_code_is_held_back_whole(mailbox, take_in, monkeypatch):
    def broken(mail, letter):
        Case.objects.create()  # half of the work

    monkeypatch.setattr(deciding, "decide", broken)
    mail = take_in(plain())

    assert (mail.action, mail.reason) == ("quarantined", "unreadable")
    assert "IntegrityError" in mail.detail
    assert (Case.objects.count(), MailIdentifier.objects.count()) == (0, 0)


def test_full_disk_leaves_the_mail_undone_and_the_next_try_takes_it(mailbox, take_in, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    mail = kept(mailbox, plain())
    with monkeypatch.context() as patched:
        patched.setattr(deciding, "decide", full)
        with pytest.raises(OSError, match="No space"):
            processing.process(mail.pk)
    mail.refresh_from_db()
    assert mail.action == ""

    processing.process(mail.pk)

    mail.refresh_from_db()
    assert mail.action == "new_case"


def test_mail_that_kills_its_worker_is_held_back_after_some_attempts(mailbox, monkeypatch):
    """SystemExit passes every `except Exception`, as a killed process would."""

    def killed(content):
        raise SystemExit

    mail = kept(mailbox, plain())
    monkeypatch.setattr(processing.parsing, "read", killed)
    for _attempt in range(3):
        with pytest.raises(SystemExit):
            processing.process(mail.pk)
        processing.process(mail.pk)  # nothing, while the dead worker's claim holds
        IncomingMail.objects.update(begun_at=timezone.now() - processing.CLAIM * 2)

    processing.process(mail.pk)

    mail.refresh_from_db()
    assert (mail.action, mail.reason) == ("quarantined", "broken_off")


def test_processing_twice_does_nothing_more(mailbox):
    mail = kept(mailbox, plain())

    processing.process(mail.pk)
    processing.process(mail.pk)

    assert Case.objects.count() == 1


def test_tick_takes_up_what_nobody_finished(mailbox, monkeypatch):
    queued = []
    monkeypatch.setattr("contacts.mailbox.processing_tasks.process.delay", queued.append)
    mail = kept(mailbox, plain())

    assert sweeping.sweep(timezone.now()) == 0  # a worker may be at it
    assert sweeping.sweep(timezone.now() + sweeping.LEFT_ALONE) == 1
    assert queued == [mail.pk]


@pytest.mark.django_db(transaction=True)
def test_two_mails_of_one_thread_at_once_make_one_case(mailbox):
    first = kept(mailbox, plain("eins"))
    second = kept(mailbox, plain("zwei", number="2", headers="In-Reply-To: <mail@laden.example>"))
    rows = iter([first.pk, second.pk])

    run_at_once(lambda: processing.process(next(rows)), times=2)

    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_mail_at_once_makes_one_case(mailbox):
    mail = kept(mailbox, plain())

    run_at_once(lambda: processing.process(mail.pk))

    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_mail_fetched_at_once_is_kept_once(mailbox):
    results = run_at_once(lambda: storing.store(mailbox, BytesIO(plain())))

    assert sorted(is_new for _mail, is_new in results) == [False, False, False, True]
    assert IncomingMail.objects.count() == 1


def test_answers_find_the_case_through_ids_that_were_only_referred_to(known, take_in):
    first = take_in(
        plain("eins", number="1", headers=f"References: {JO_ID} <gesehen.von@niemand.example>")
    )
    second = take_in(
        plain("zwei", number="2", headers="In-Reply-To: <gesehen.von@niemand.example>")
    )

    assert (first.case, second.case) == (known, known)


def piped(monkeypatch, raw, *options):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=BytesIO(raw)))
    out = StringIO()
    call_command("receive_mail", *options, stdout=out)
    return json.loads(out.getvalue())


def test_command_says_in_one_line_what_became_of_the_mail(known, monkeypatch):
    first = piped(monkeypatch, answer())
    again = piped(monkeypatch, answer())
    held = piped(monkeypatch, plain(sender=None), "--mailbox", "Anlaufstelle")

    message = known.messages.get(kind="incoming")
    found = {"action": "appended", "case": "V-2026-0142", "message": message.pk, "reason": None}
    assert first == found
    assert again == found | {"action": "duplicate", "reason": "known"}
    assert held == {"action": "quarantined", "case": None, "message": None, "reason": "no_sender"}


@pytest.mark.parametrize("options", [(), ("--mailbox", "Nie")])
def test_command_asks_the_mail_server_to_come_again(db, monkeypatch, options):
    with pytest.raises(CommandError) as refused:
        piped(monkeypatch, plain(), *options)

    assert refused.value.returncode == 75


def test_command_asks_to_come_again_when_the_disk_is_full(mailbox, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zentrum.files.services.StoredFile.save", full)

    with pytest.raises(CommandError, match="could not be kept") as refused:
        piped(monkeypatch, plain())

    assert refused.value.returncode == 75


MEASURED = """
import re, sys
from io import BytesIO
import django
django.setup()
from contacts.mailbox import processing, storing
from contacts.models import IncomingMail, Mailbox
with open(sys.argv[1], "rb") as content:
    mail, _new = storing.store(Mailbox.objects.get(), content)
processing.process(mail.pk)
mail.refresh_from_db()
# Not ru_maxrss: that begins with the size of the process that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(mail.action, int(peak[1]) // 1024)
"""


def worker_environment():
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    place = f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
    url = f"postgres://{login}@{place}"
    return os.environ | {"DJANGO_SETTINGS_MODULE": "zentrum.settings", "DATABASE_URL": url}


@pytest.mark.django_db(transaction=True)
def test_mail_of_40_megabytes_needs_less_than_300(mailbox, tmp_path):
    """In a process of its own, as a worker is; the file itself is refused, the mail is a case."""
    large = tmp_path / "gross.eml"
    line = b"QUJD" * 19 + b"\r\n"
    head = plain(kind='multipart/mixed; boundary="g"', body="").rstrip() + b"\r\n\r\n"
    with large.open("wb") as content:
        content.write(
            head + b"--g\r\n\r\nAnbei der Plan.\r\n--g\r\nContent-Type: application/pdf\r\n"
        )
        content.write(b'Content-Disposition: attachment; filename="plan.pdf"\r\n')
        content.write(b"Content-Transfer-Encoding: base64\r\n\r\n")
        content.writelines(line for _line in range(40 * 1024 * 1024 // len(line)))
        content.write(b"--g--\r\n")

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, large],
        env=worker_environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    action, megabytes = done.stdout.split()[-2:]
    assert action == "new_case"
    assert int(megabytes) < 300
