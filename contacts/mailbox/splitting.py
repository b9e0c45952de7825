"""Tell what somebody wrote from what their mail program put below: quotes and signatures.

Known are the German and English forms of Outlook, Gmail, Apple Mail, Thunderbird and the large
German web mailers. When in doubt everything stays: losing words is worse than showing a quote.
"""

import re

LONGEST_SIGNATURE = 20  # lines; a longer one is no signature
LONGEST_INTRODUCTION = 3  # lines over which a mail program breaks "Am … schrieb …:"
INTRODUCTION = re.compile(
    r"^\s*(?:>\s*)?(?:"
    r"(?:Am|On|Le)\b.{4,200}\b(?:schrieb|wrote|a écrit)\b.{0,200}:"
    r"|.{2,150}\b(?:schrieb am|hat am)\b.{4,150}:"
    r")\s*$",
    re.DOTALL,
)
DIVIDER = re.compile(
    r"^\s*(?:[-_]{2,}\s*)(?:Ursprüngliche Nachricht|Originalnachricht|Original[- ]Nachricht"
    r"|Original Message|Weitergeleitete Nachricht|Forwarded message|Original-Nachricht)\s*[-_]{2,}",
    re.IGNORECASE,
)
UNDERSCORES = re.compile(r"^\s*_{20,}\s*$")
FIELD = re.compile(
    r"^\s*\*?(Von|From|Gesendet|Sent|Datum|Date|An|To|Cc|Betreff|Subject)\s*:\*?\s*\S",
    re.IGNORECASE,
)
SENDER, SENT = {"von", "from"}, {"gesendet", "sent", "datum", "date"}
RECEIVER = {"an", "to", "betreff", "subject"}
MARK = re.compile(r"^--\s?$")
DEVICE = re.compile(
    r"^\s*(?:Von meine[mr] .{2,40} gesendet|Gesendet (?:von|mit|über) .{2,80}|Sent from .{2,60}"
    r"|Get Outlook for .{2,30}|Holen Sie sich Outlook.*|Outlook für (?:iOS|Android).*"
    r"|Diese Nachricht wurde von meinem .{2,60} gesendet\.?)\s*(?:<\S+>)?\s*$",
    re.IGNORECASE,
)


def reply_of(text: str) -> str:
    """What the sender wrote themselves; everything if that would leave nothing."""
    lines = text.split("\n")
    end = _end_of_reply(lines)
    own = _without_signature(lines[:end])
    return "\n".join(own).strip() or text.strip()


def _end_of_reply(lines: list[str]) -> int:
    """The line where the quote begins; the end of the text when answers stand between quotes."""
    for number, line in enumerate(lines):
        if DIVIDER.match(line) or _is_head(lines, number):
            return number
        if UNDERSCORES.match(line) and _is_head(lines, _next_filled(lines, number)):
            return number
        if length := _introduction(lines, number):
            if _is_last_word(lines, number + length):
                return number
        elif line.startswith(">") and _is_last_word(lines, number):
            return number
    return len(lines)


def _introduction(lines: list[str], number: int) -> int:
    """How many lines "Am … schrieb …:" takes here, or 0."""
    if not lines[number].strip():
        return 0
    for length in range(1, LONGEST_INTRODUCTION + 1):
        block = lines[number : number + length]
        if not all(line.strip() for line in block):
            return 0
        if INTRODUCTION.match(" ".join(block)):
            return length
    return 0


def _is_head(lines: list[str], number: int) -> bool:
    """The lines From, Sent, To of a quoted mail, in whatever order, begin here."""
    names = []
    for line in lines[number : number + 6]:
        if not (found := FIELD.match(line)):
            break
        names.append(found[1].lower())
    kinds = set(names)
    return bool(kinds & SENDER and kinds & SENT and (kinds & RECEIVER or len(names) > 2))


def _next_filled(lines: list[str], number: int) -> int:
    following = range(number + 1, min(number + 4, len(lines)))
    return next((n for n in following if lines[n].strip()), number)


def _is_last_word(lines: list[str], start: int) -> bool:
    """From here on there are only quotes (and perhaps a signature), no answers in between."""
    rest = lines[start:]
    quoted = [number for number, line in enumerate(rest) if line.startswith(">")]
    if not quoted:
        return True  # Outlook and web mailers quote without a mark
    after = _without_signature(rest[quoted[-1] + 1 :])
    inside = [line for line in rest[quoted[0] : quoted[-1]] if not line.startswith(">")]
    return not any(line.strip() for line in [*inside, *after])


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if MARK.match(line) and len(lines) - number <= LONGEST_SIGNATURE:
            lines = lines[:number]
            break
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and (DEVICE.match(kept[-1]) or not kept[-1].strip()):
        kept.pop()
    return kept
