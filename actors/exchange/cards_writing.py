"""Write actors as vCards 3.0 (RFC 2426), which Outlook, phones and address books read."""

from collections.abc import Iterable, Iterator

from actors.directory.models import Actor

LONGEST_LINE = 75  # octets, RFC 2426 2.6
END = "\r\n"


def cards(actors: Iterable[Actor], host: str) -> Iterator[bytes]:
    """One card per actor; `host` makes the identifiers unique among the town's programs."""
    for actor in actors:
        lines = ["BEGIN:VCARD", "VERSION:3.0", *_lines(actor, host), "END:VCARD"]
        yield "".join(_folded(line) + END for line in lines).encode()


def _lines(actor: Actor, host: str) -> Iterator[str]:
    yield f"UID:zentrum-actor-{actor.pk}@{host}"
    yield f"FN:{_escape(str(actor))}"
    if actor.kind == Actor.Kind.PERSON:
        yield f"N:{_escape(actor.name)};{_escape(actor.given_name)};;;"
    else:
        yield f"N:{_escape(actor.name)};;;;"
        yield f"ORG:{_escape(str(actor))}"
        yield "X-ABShowAs:COMPANY"
    yield from _addresses(actor)
    for number, email in enumerate(actor.emails.all()):
        yield f"EMAIL;TYPE=INTERNET{',PREF' if number == 0 else ''}:{_escape(email.email)}"
    for phone in actor.phones.all():
        yield f"TEL;TYPE=VOICE:{_escape(phone.number)}"
    if actor.website:
        yield f"URL:{_escape(actor.website)}"
    if names := ",".join(_escape(sector.name) for sector in actor.sectors.all()):
        yield f"CATEGORIES:{names}"
    if actor.description:
        yield f"NOTE:{_escape(actor.description)}"
    yield f"REV:{actor.updated_at:%Y-%m-%dT%H:%M:%SZ}"


def _addresses(actor: Actor) -> Iterator[str]:
    for number, address in enumerate(actor.addresses.all()):
        parts = ("", "", address.street, address.town, "", address.postcode, "")
        kind = "WORK,PREF" if number == 0 else "WORK"
        if any(parts):
            yield f"ADR;TYPE={kind}:{';'.join(map(_escape, parts))}"
        if number == 0 and address.latitude is not None:
            yield f"GEO:{address.latitude:.6f};{address.longitude:.6f}"


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """Cut after at most 75 octets, never inside a character; what goes on begins with a blank."""
    pieces, current, size = [], "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > LONGEST_LINE:
            pieces.append(current)
            current, size = " ", 1
        current += letter
        size += width
    return END.join([*pieces, current])
