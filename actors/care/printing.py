"""The hand-over file on paper."""

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actors.care.dossier import ActorFile, Contact, Matter
from actors.care.models import Handover
from zentrum.files.pdf import pdf


def handover_pdf(handover: Handover, files: list[ActorFile]) -> bytes:
    """The file as PDF, in the language of who asks for it."""
    return pdf("handover.typ", sheet(handover, files))


def sheet(handover: Handover, files: list[ActorFile]) -> dict[str, Any]:
    """What the template prints: texts as people read them, no markup."""
    town = handover.centre.town
    return {
        "title": _("Hand-over to %(person)s") % {"person": handover.to_user},
        "office": f"{town.office_name} {town.name}",
        "footer": _("Hand-over file, as of %(day)s") % {"day": _day(timezone.localdate())},
        "facts": [
            [_("Centre"), str(handover.centre)],
            [_("From"), str(handover.from_user or _("several people"))],
            [_("To"), str(handover.to_user)],
            [_("Valid from"), _day(handover.on)],
            [_("Handed over by"), str(handover.by)],
            [_("Actors"), str(len(files))],
        ],
        "note": handover.note,
        "hint": _("Cases keep their owners: each one is handed over on its own page if needed."),
        "words": {
            "promises": _("Open promises"),
            "contacts": _("Last contacts"),
            "running": _("Running ideas and projects"),
            "nothing": _("none"),
        },
        "files": [_file(file) for file in files],
    }


def _file(file: ActorFile) -> dict[str, Any]:
    contact = [part for part in (file.address, file.phone, file.email) if part]
    return {
        "name": str(file.actor),
        "contact": " · ".join(contact),
        "promises": [_promise(promise) for promise in file.promises],
        "contacts": [_contact(contact) for contact in file.contacts],
        "running": [f"{matter.title} ({matter.state})" for matter in file.ideas + file.projects],
    }


def _promise(promise: Matter) -> str:
    day = _("reply by %(day)s") % {"day": _day(promise.day)}
    return f"{promise.title} ({promise.state}, {day}, {promise.who})"


def _contact(contact: Contact) -> list[str]:
    moment = formats.date_format(timezone.localtime(contact.at), "SHORT_DATE_FORMAT")
    who = f" ({contact.who})" if contact.who else ""
    return [moment, f"{contact.title}{who}", contact.text]


def _day(day: Any) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")
