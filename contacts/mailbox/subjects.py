"""What a subject says beside its words: answer or forward, and our reference."""

import re

REFERENCE = re.compile(r"\[?\b(V-20\d\d-\d{4,8})\b\]?")
ANSWER = {"re", "aw", "antw", "antwort", "sv", "rif", "res"}
FORWARD = {"wg", "fwd", "fw", "tr", "weitergeleitet", "wtr", "i"}
PREFIX = re.compile(
    r"^\s*(?:\[(?:extern(?:al)?|ext|spam\??)\]\s*)?([a-z]{1,14})(?:\s*\[\d+\])?\s*:", re.IGNORECASE
)
ABSENCE = re.compile(
    r"^\s*(?:(?:re|aw):\s*)?(?:abwesen(?:heit|d)|automatische antwort|automatic(?:al)? reply"
    r"|auto(?:matic)?[- ]?(?:reply|response|antwort)|out of (?:the )?office|ooo\b"
    r"|ich bin (?:im urlaub|nicht im b|abwesend)|urlaubsnotiz|nicht im (?:büro|haus)\b)",
    re.IGNORECASE,
)


def stripped(subject: str) -> str:
    """The subject without AW, WG, Re and Fwd in front and without our reference."""
    subject = REFERENCE.sub("", subject)
    while (found := PREFIX.match(subject)) and found[1].lower() in ANSWER | FORWARD:
        subject = subject[found.end() :]
    return " ".join(subject.split())


def is_forward(subject: str) -> bool:
    """Whether its newest prefix, after external marks, says that somebody passes a mail on."""
    found = PREFIX.match(subject)
    return bool(found and found[1].lower() in FORWARD)


def reference(subject: str) -> str:
    """Our reference in the subject, such as V-2026-0142, or an empty text."""
    found = REFERENCE.search(subject)
    return found[1] if found else ""


def is_absence(subject: str) -> bool:
    return bool(ABSENCE.match(subject))
