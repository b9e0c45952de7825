"""How many ordinary mails a worker takes in a second, and the memory that a large one needs."""

from pathlib import Path
from tempfile import TemporaryDirectory

from zentrum.local.benchmarks.workers import in_a_worker

MAILS = 300
LARGE_MEGABYTES = 40
LINE = b"QUJD" * 19 + b"\r\n"


def measure(centre_id: int, mails: int = MAILS) -> dict[str, float]:
    """Mails a second and peak megabytes, in a process of its own as a worker is."""
    with TemporaryDirectory() as folder:
        large_one = Path(folder, "gross.eml")
        large_one.write_bytes(large())
        return in_a_worker("mail_worker", centre_id, mails, large_one, MEDIA_ROOT=folder)


def ordinary(number: int) -> bytes:
    """Two kilobytes with a signature: each third one a question, the others say more to it.

    So the five messages of a case, as the benchmark loads them, with two answers of the office.
    """
    first = number - number % 3
    thread = f"In-Reply-To: <bench-{first}@example.org>\r\n" if first < number else ""
    words = (
        f"Guten Tag ({number}), " + "seit Wochen ist die Laterne vor unserem Laden dunkel. " * 25
    )
    return (
        f"Message-ID: <bench-{number}@example.org>\r\n"
        f"From: Person {first} <p{first}@example.org>\r\n{thread}"
        f"To: desk@example.org\r\nSubject: Laterne {number}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{words}\r\n\r\n-- \r\nPerson {number}\r\n"
    ).encode()


def large() -> bytes:
    head = (
        b"Message-ID: <bench-large@example.org>\r\nFrom: gross@example.org\r\nSubject: Plan\r\n"
        b'Content-Type: multipart/mixed; boundary="g"\r\n\r\n--g\r\n\r\nAnbei.\r\n--g\r\n'
        b'Content-Disposition: attachment; filename="plan.pdf"\r\n'
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + LINE * (LARGE_MEGABYTES * 1024 * 1024 // len(LINE)) + b"--g--\r\n"
